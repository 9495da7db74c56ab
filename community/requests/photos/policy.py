"""Who may look at photos and add them; whose they are is asked of each request."""

from app.policy import Role, Rows, Scope
from community.requests.policy import HANDLERS, READERS

ADDERS = {Role.RESIDENT: Scope.SELF, Role.DESK_CLERK: Scope.AREA, **HANDLERS}

POLICY: Rows = {
    ("requests.list_photos", "GET"): READERS,
    ("requests.add_photos", "POST"): ADDERS,
    ("requests.remove_photo", "DELETE"): ADDERS,
}
