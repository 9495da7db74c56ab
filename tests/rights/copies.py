"""What a copy would say of somebody now."""

import json
from dataclasses import dataclass
from typing import Any

from app.feature import Feature
from app.privacy import Subject
from app.rights.exports import document_of


@dataclass(frozen=True)
class Copy:
    """What a copy would say of somebody now."""

    features: list[Feature]
    subject: Subject

    def document(self) -> dict[str, Any]:
        return {**document_of(self.subject, self.features), "made_at": "now"}

    def text(self) -> str:
        return json.dumps(self.document(), default=str, ensure_ascii=False)

    def section(self, name: str) -> list[dict[str, Any]]:
        (found,) = (each for each in self.document()["sections"] if each["name"] == name)
        return list(found["records"])
