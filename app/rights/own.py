"""What the ground itself holds of a person, as the person reads it."""

from collections.abc import Iterable
from typing import Any

from app.corrections import queries as corrections
from app.database import read
from app.errors import Words
from app.privacy import Holding, Subject, vault
from app.privacy.holdings import Record
from app.rights.purposes import PURPOSES

ACCOUNT = """
SELECT a.id, a.level, a.status, a.made_at, a.seen_at,
  EXISTS (SELECT FROM account_password p WHERE p.account_id = a.id) AS has_password,
  (SELECT array_agg(l.provider ORDER BY 1) FROM provider_link l WHERE l.account_id = a.id)
    AS providers
FROM account a WHERE a.id = %(account_id)s
"""
REGISTER = """
SELECT r.id, r.sid, r.name_sealed, r.id_number_sealed, r.relation, r.household_sid, h.address_sid,
  ad.grid_code, m.phone_sealed, w.text_sealed, m.source
FROM resident r LEFT JOIN household h ON h.sid = r.household_sid
LEFT JOIN address ad ON ad.sid = h.address_sid
LEFT JOIN src_residents m ON m.sid = r.sid AND m.deleted_at IS NULL
LEFT JOIN src_addresses w ON w.sid = ad.sid AND w.deleted_at IS NULL
WHERE r.id = %(resident_id)s LIMIT 1
"""
CONSENTS = """
SELECT purpose, child_id, given_at, withdrawn_at, edition FROM consent
WHERE account_id = %(account_id)s ORDER BY given_at LIMIT 1000
"""
DEVICES = """
SELECT id, device_sealed, started_at, refreshed_at, expires_at, revoked_at FROM sign_in_session
WHERE account_id = %(account_id)s ORDER BY id LIMIT 1000
"""
MANDATES = """
SELECT id, state, powers, matters, valid_from, valid_to, signed_how, text_sealed,
  agent_account_id = %(account_id)s AS as_agent FROM mandate
WHERE agent_account_id = %(account_id)s OR principal_resident_id = %(resident_id)s
ORDER BY id LIMIT 1000
"""
GRANTS = """
SELECT role, area_code, department_code, valid_from, valid_to, 'register' AS given_by
FROM staff_grant WHERE account_id = %(account_id)s
UNION ALL
SELECT role, area_code, department_code, valid_from, valid_to, kind FROM added_grant
WHERE account_id = %(account_id)s
"""
ENTERPRISES = """
SELECT e.credit_code, e.name, e.area_code, e.status, e.valid_from, e.valid_to,
  e.contact_account_id = %(account_id)s AS as_contact
FROM enterprise e WHERE e.contact_account_id = %(account_id)s OR e.representative_index = (
  SELECT r.id_number_index FROM resident r WHERE r.id = %(resident_id)s)
ORDER BY e.sid LIMIT 1000
"""
FAMILY = """
SELECT 'guardian' AS as_, state, basis, begun_at AS since, ended_at AS until FROM guardianship
WHERE guardian_resident_id = %(resident_id)s
UNION ALL
SELECT 'ward', state, basis, begun_at, ended_at FROM guardianship
WHERE ward_resident_id = %(resident_id)s
UNION ALL
SELECT 'shares-with-household', NULL, NULL, given_at, withdrawn_at FROM household_share
WHERE account_id = %(account_id)s
"""
PROOFS = """
SELECT 'desk' AS how, document, state, coalesce(decided_at, proposed_at) AS at
FROM in_person_proof WHERE account_id = %(account_id)s
UNION ALL
SELECT 'network-identity', NULL, 'proved', proved_at FROM network_identity
WHERE account_id = %(account_id)s
"""
TICKETS = f"""
SELECT {corrections.COLUMNS} {corrections.FROM} WHERE asked_by = %(account_id)s
ORDER BY id LIMIT 1000
"""
FILES = """
SELECT id, kind, media_type, size, uploaded_at FROM stored_file
WHERE uploaded_by = %(account_id)s ORDER BY uploaded_at LIMIT 5000
"""
TOLD = """
SELECT kind, told_at, sent_at FROM outbox
WHERE subject_kind = 'account' AND subject_id = %(account_id)s ORDER BY seq LIMIT 1000
"""
DEEDS = """
SELECT at, deed, subject_kind, facts FROM audit_entry
WHERE account_id = %(account_id)s ORDER BY id DESC LIMIT 5000
"""
SEEN = """
SELECT v.at, v.role, v.kind, v.field, v.reason FROM reveal v
WHERE v.resident_id = %(resident_id)s ORDER BY v.id LIMIT 5000
"""
COPIES = """
SELECT id, asked_at, made_at, taken_at, expires_at FROM holdings_export
WHERE account_id = %(account_id)s ORDER BY id LIMIT 100
"""


def _rows(sql: str, subject: Subject) -> list[Any]:
    about = {"account_id": subject.account_id, "resident_id": subject.resident_id}
    return read(sql, about)


def _plain(sql: str) -> Any:
    """Return a holding's records that need no opening."""
    return lambda subject: [row._asdict() for row in _rows(sql, subject)]


def _register(subject: Subject) -> Iterable[Record]:
    for row in _rows(REGISTER, subject):
        yield {
            "register_key": row.sid,
            "name": vault.open("resident.name", row.sid, row.name_sealed),
            "id_number": vault.open("resident.id_number", row.sid, row.id_number_sealed),
            "phone": vault.opened("resident.phone", row.sid, row.phone_sealed),
            "address": vault.opened("address.text", row.address_sid, row.text_sealed),
            "relation": row.relation,
            "household": row.household_sid,
            "grid": row.grid_code,
            "source": row.source,
        }


def _consents(subject: Subject) -> Iterable[Record]:
    for row in _rows(CONSENTS, subject):
        purpose = PURPOSES.get(row.purpose)
        words = {"words": purpose.words.zh, "basis": purpose.basis} if purpose else {}
        yield {**row._asdict(), **words}


def _devices(subject: Subject) -> Iterable[Record]:
    for row in _rows(DEVICES, subject):
        content = row._asdict()
        sealed = content.pop("device_sealed")
        yield {"device": vault.opened("session.device", row.id, sealed), **content}


def _mandates(subject: Subject) -> Iterable[Record]:
    for row in _rows(MANDATES, subject):
        content = row._asdict()
        sealed = content.pop("text_sealed")
        yield {**content, "text": vault.opened("mandate.text", row.id, sealed)}


def _tickets(subject: Subject) -> Iterable[Record]:
    for row in _rows(TICKETS, subject):
        ticket = corrections.opened(row)
        yield {name: getattr(ticket, name) for name in ticket.__slots__}


def _of(name: str, zh: str, en: str, tables: str, records: Any) -> Holding:
    return Holding(name, Words(zh, en), tuple(tables.split()), records)


REGISTERED = "resident household address src_residents src_addresses src_households"

PROVED = "in_person_proof network_identity"

HOLDINGS = (
    _of(
        "account",
        "账户",
        "Account",
        "account account_password provider_link authenticator recovery_code",
        _plain(ACCOUNT),
    ),
    _of("register", "人口库登记", "Population register", REGISTERED, _register),
    _of("proofs", "实名核验", "How I was proved", PROVED, _plain(PROOFS)),
    _of("consents", "同意记录", "Consents", "consent", _consents),
    _of("family", "家庭与监护", "Family", "guardianship household_share", _plain(FAMILY)),
    _of("devices", "登录设备", "Devices", "sign_in_session spent_token", _devices),
    _of("mandates", "代办委托", "Mandates", "mandate", _mandates),
    _of("office", "任职与权限", "Office", "staff_grant added_grant src_staff", _plain(GRANTS)),
    _of(
        "enterprises",
        "代表的企业",
        "Enterprises that I act for",
        "enterprise src_enterprises",
        _plain(ENTERPRISES),
    ),
    _of("corrections", "校核申请", "Corrections", "correction", _tickets),
    _of("files", "上传的文件", "Files", "stored_file file_use", _plain(FILES)),
    _of("told", "已告知区数据中心", "Told to the district", "outbox", _plain(TOLD)),
    _of("seen-by", "谁查看过我的信息", "Who was shown my data", "reveal", _plain(SEEN)),
    _of("deeds", "操作记录", "What I did", "audit_entry", _plain(DEEDS)),
    _of("copies", "个人信息副本", "Copies", "holdings_export", _plain(COPIES)),
)
