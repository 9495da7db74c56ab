"""The wire shapes."""

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from bench.peers import duties


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


def _clean(words: str) -> str:
    if duties.CONTROL.search(words):
        raise ValueError("control characters")
    return words


Code = Annotated[str, StringConstraints(pattern=f"^{duties.CODE.pattern}$")]
Words = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2000),
    AfterValidator(_clean),
]
CrsName = Literal["wgs84", "gcj02", "bd09", "cgcs2000"]


class NearQuery(Shape):
    near: Annotated[str, StringConstraints(pattern=f"^{duties.NEAR.pattern}$")]
    crs: CrsName
    radius: int = Field(2000, ge=1, le=20_000)
    limit: int = Field(20, ge=1, le=100)


class Place(Shape):
    lng: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)
    crs: CrsName


class NewRequest(Shape):
    matter: Code
    words: Words
    place: Place


class PublicRequest(Shape):
    id: uuid.UUID
    number: str
    matter_code: str
    state: str
    lng: float
    lat: float
    filed_at: datetime
    metres: int


class PublicPage(Shape):
    items: list[PublicRequest]
    next: str | None


class RequestOut(BaseModel):
    id: uuid.UUID
    number: str
    matter_code: str
    state: str
    version: int
    lng: float
    lat: float
    grid_code: str
    near_edge: bool
    handled_by: str
    department_code: str
    filed_at: datetime
    deadline_at: datetime
    deadline_provisional: bool
    settled_at: datetime | None = None
    result: str | None = None


class Entry(Shape):
    at: datetime
    step: str
    note: str | None = None
    facts: dict[str, Any]


class Detail(Shape):
    request: RequestOut
    words: str
    mine: bool
    claimed_by_me: bool
    stars: int | None = None
    timeline: list[Entry]
