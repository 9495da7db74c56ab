"""The records of a person that the ground itself holds, opened for the person's own eyes."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from app.corrections import queries as corrections
from app.database import read
from app.identity.family import past_homes
from app.privacy import Subject, told_to_district, vault
from app.privacy.holdings import Record
from app.rights import held
from app.rights.purposes import PURPOSES

Sealed = tuple[str, str, str]
"""A sealed value: its field, its column, and the column of the row's key."""


def _rows(sql: str, subject: Subject) -> list[Any]:
    about = {"account_id": subject.account_id, "resident_id": subject.resident_id}
    return read(sql, about)


def plain(sql: str) -> Any:
    """Return a holding's records that need no opening."""
    return lambda subject: [row._asdict() for row in _rows(sql, subject)]


def _opened(sql: str, subject: Subject, **sealed: Sealed) -> Iterable[dict[str, Any]]:
    """Yield records with what is sealed in them opened, under names to be read."""
    for row in _rows(sql, subject):
        content = row._asdict()
        columns = {column for _, column, _ in sealed.values()}
        values = {
            name: vault.opened(field, content[key], content[column])
            for name, (field, column, key) in sealed.items()
        }
        yield {**values, **{k: v for k, v in content.items() if k not in columns}}


def opening(sql: str, **sealed: Sealed) -> Any:
    """Return a holding's records, opened."""
    return lambda subject: _opened(sql, subject, **sealed)


def register(subject: Subject) -> Iterable[Record]:
    """Yield what the register says of the person, opened."""
    for row in _rows(held.REGISTER, subject):
        yield {
            "register_key": row.sid,
            "name": vault.open("resident.name", row.sid, row.name_sealed),
            "id_number": vault.open("resident.id_number", row.sid, row.id_number_sealed),
            "phone": vault.opened("resident.phone", row.sid, row.phone_sealed),
            "address": vault.opened("address.text", row.address_sid, row.text_sealed),
            "lng": vault.opened("address.lng", row.address_sid, row.lng_sealed),
            "lat": vault.opened("address.lat", row.address_sid, row.lat_sealed),
            "relation": row.relation,
            "class_of_age": row.age_class,
            "household": row.household_sid,
            "grid": row.grid_code,
            "source": row.source,
        }


def consents(subject: Subject) -> Iterable[Record]:
    """Yield what was agreed to, with the words of each purpose."""
    for row in _rows(held.CONSENTS, subject):
        purpose = PURPOSES.get(row.purpose)
        words = {"words": purpose.words.zh, "basis": purpose.basis} if purpose else {}
        yield {**row._asdict(), **words}


def tickets(subject: Subject) -> Iterable[Record]:
    """Yield the corrections that were asked for."""
    for row in _rows(held.TICKETS, subject):
        ticket = corrections.opened(row)
        yield {name: getattr(ticket, name) for name in ticket.__slots__}


def homes(subject: Subject) -> Iterable[Record]:
    """Yield where the person lived before, and until when."""
    for home, until in past_homes(subject.resident_id):
        yield {"until": until, **asdict(home)}


def office(subject: Subject) -> Iterable[Record]:
    """Yield the rights of an office, and what was added to them."""
    yield from _opened(
        held.GRANTS,
        subject,
        name=("staff.name", "name_sealed", "staff_sid"),
        phone=("staff.phone", "phone_sealed", "staff_sid"),
    )
    yield from _opened(held.ADDED, subject, reason=("added_grant.reason", "reason_sealed", "id"))


REPRESENTATIVES = ("representative", "representative_number")


def enterprises(subject: Subject) -> Iterable[Record]:
    """Yield enterprises, each with what it says of this person and of nobody else."""
    for content in _opened(
        held.ENTERPRISES,
        subject,
        representative=("enterprise.representative", "representative_sealed", "sid"),
        representative_number=(
            *("enterprise.representative_number", "representative_number_sealed", "sid"),
        ),
        contact_phone=("enterprise.contact_phone", "contact_phone_sealed", "sid"),
    ):
        others = set() if content["as_representative"] else set(REPRESENTATIVES)
        others |= set() if content["as_contact"] else {"contact_phone"}
        yield {name: value for name, value in content.items() if name not in others}


def told(subject: Subject) -> Iterable[Record]:
    """Yield what the district was told of the account."""
    return told_to_district(_rows(held.TOLD, subject))
