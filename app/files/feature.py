"""Files, as handed to the factory."""

from app.feature import Feature
from app.files.models import FileUse, StoredBlob, StoredFile
from app.files.routes import POLICY, files
from app.files.sweeps import UNUSED_FILES

FEATURE = Feature(
    "files",
    (StoredBlob, StoredFile, FileUse),
    blueprints=(files,),
    policy=POLICY,
    sweeps=(UNUSED_FILES,),
)
