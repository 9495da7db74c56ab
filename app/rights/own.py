"""What the ground itself holds of a person, as the person reads it."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import orjson

from app.corrections import queries as corrections
from app.database import read
from app.errors import Words
from app.identity.family import past_homes
from app.privacy import Holding, Subject, vault
from app.privacy.holdings import Record
from app.rights import held
from app.rights.purposes import PURPOSES

Sealed = tuple[str, str, str]
"""A sealed value: its field, its column, and the column of the row's key."""


def _rows(sql: str, subject: Subject) -> list[Any]:
    about = {"account_id": subject.account_id, "resident_id": subject.resident_id}
    return read(sql, about)


def _plain(sql: str) -> Any:
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


def _opening(sql: str, **sealed: Sealed) -> Any:
    """Return a holding's records, opened."""
    return lambda subject: _opened(sql, subject, **sealed)


def _register(subject: Subject) -> Iterable[Record]:
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


def _consents(subject: Subject) -> Iterable[Record]:
    for row in _rows(held.CONSENTS, subject):
        purpose = PURPOSES.get(row.purpose)
        words = {"words": purpose.words.zh, "basis": purpose.basis} if purpose else {}
        yield {**row._asdict(), **words}


def _tickets(subject: Subject) -> Iterable[Record]:
    for row in _rows(held.TICKETS, subject):
        ticket = corrections.opened(row)
        yield {name: getattr(ticket, name) for name in ticket.__slots__}


def _homes(subject: Subject) -> Iterable[Record]:
    for home, until in past_homes(subject.resident_id):
        yield {"until": until, **asdict(home)}


def _office(subject: Subject) -> Iterable[Record]:
    yield from _opened(
        held.GRANTS,
        subject,
        name=("staff.name", "name_sealed", "staff_sid"),
        phone=("staff.phone", "phone_sealed", "staff_sid"),
    )
    yield from _opened(held.ADDED, subject, reason=("added_grant.reason", "reason_sealed", "id"))


REPRESENTATIVES = ("representative", "representative_number")


def _enterprises(subject: Subject) -> Iterable[Record]:
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


def _told(subject: Subject) -> Iterable[Record]:
    for content in _opened(held.TOLD, subject, payload=("outbox.payload", "payload_sealed", "id")):
        said = content.pop("payload")
        yield {**content, "payload": orjson.loads(said) if said else None}


def _of(name: str, zh: str, en: str, tables: str, records: Any) -> Holding:
    return Holding(name, Words(zh, en), tuple(tables.split()), records)


REGISTERED = "resident household address src_residents src_addresses src_households"

PROVED = "in_person_proof network_identity"
FAMILY = "guardianship guardian_consent household_share"

HOLDINGS = (
    _of(
        "account",
        "账户",
        "Account",
        "account account_password provider_link authenticator recovery_code",
        _plain(held.ACCOUNT),
    ),
    _of("register", "人口库登记", "Population register", REGISTERED, _register),
    _of("homes", "曾居住地", "Where I lived before", "past_home", _homes),
    _of(
        "proofs",
        "实名核验",
        "How I was proved",
        PROVED,
        _opening(held.PROOFS, reason=("proof.reason", "reason_sealed", "id")),
    ),
    _of("consents", "同意记录", "Consents", "consent", _consents),
    _of("family", "家庭与监护", "Family", FAMILY, _plain(held.FAMILY)),
    _of(
        "devices",
        "登录设备",
        "Devices",
        "sign_in_session spent_token",
        _opening(held.DEVICES, device=("session.device", "device_sealed", "id")),
    ),
    _of(
        "mandates",
        "代办委托",
        "Mandates",
        "mandate",
        _opening(held.MANDATES, text=("mandate.text", "text_sealed", "id")),
    ),
    _of("office", "任职与权限", "Office", "staff_grant added_grant src_staff", _office),
    _of(
        "enterprises",
        "代表的企业",
        "Enterprises that I act for",
        "enterprise src_enterprises",
        _enterprises,
    ),
    _of("corrections", "校核申请", "Corrections", "correction", _tickets),
    _of("files", "上传的文件", "Files", "stored_file file_use", _plain(held.FILES)),
    _of("told", "已告知区数据中心", "Told to the district", "outbox", _told),
    _of(
        "seen-by",
        "谁查看过我的信息",
        "Who was shown my data",
        "reveal",
        _opening(held.SEEN, words=("reveal.words", "words_sealed", "id")),
    ),
    _of("deeds", "操作记录", "What I did", "audit_entry", _plain(held.DEEDS)),
    _of(
        "done-to-me",
        "他人对我的操作",
        "What was done to me",
        "audit_entry",
        _plain(held.DONE_TO_ME),
    ),
    _of("copies", "个人信息副本", "Copies", "holdings_export", _plain(held.COPIES)),
)
