"""What the ground itself holds of a person, what it must keep, and what names nobody for long."""

from collections.abc import Iterable
from typing import Any

from app.corrections import queries as corrections
from app.database import read
from app.errors import Words
from app.privacy import Excused, Holding, Kept, Subject, vault
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
    _of("corrections", "校核申请", "Corrections", "correction", _tickets),
    _of("files", "上传的文件", "Files", "stored_file file_use", _plain(FILES)),
    _of("told", "已告知区数据中心", "Told to the district", "outbox", _plain(TOLD)),
    _of("seen-by", "谁查看过我的信息", "Who was shown my data", "reveal", _plain(SEEN)),
    _of("deeds", "操作记录", "What I did", "audit_entry", _plain(DEEDS)),
    _of("copies", "个人信息副本", "Copies", "holdings_export", _plain(COPIES)),
)

EXCUSED = (
    Excused("subject_key", "a wrapped key says nothing of a person"),
    Excused("erasure", "an id that nothing leads from; written when nothing else is left"),
    Excused("idempotency_key", "the first answer to a deed, 48 hours; the deed itself is listed"),
    Excused("sign_in_challenge", "a code on its way, ten minutes"),
    Excused("provider_visit", "minutes, until somebody is back from a provider"),
    Excused("provider_arrival", "minutes, until a phone is named"),
    Excused("sms_message", "a message on its way, known by no account; gone once sent"),
    Excused("attempt_counter", "keyed counts, two days; nothing leads back from them"),
    Excused("sync_quarantine", "rows that are no records: whose they are cannot be read"),
    Excused("src_correction_answers", "the register's answer; it stands in the ticket"),
    Excused("sync_suppressed", "a keyed mark of somebody erased: it says that they are not here"),
)

KEPT = (
    Kept(
        Words("账户编号、注销时间(无姓名、号码)", "the account's id and when it was closed"),
        ("account", "erasure", "subject_key"),
        "PIPL 47; 备份恢复后须再次删除",
        Words("长期", "for ever"),
    ),
    Kept(
        Words("同意与撤回的凭证", "proof of what was agreed to and withdrawn"),
        ("consent",),
        "PIPL 14, 55, 56",
        Words("三年", "three years"),
    ),
    Kept(
        Words("操作审计(仅编号)", "the audit trail, by ids only"),
        ("audit_entry",),
        "网络安全法 23(3)",
        Words("不少于六个月", "at least six months"),
    ),
    Kept(
        Words("提供、查看个人信息的记录", "records of what was shared and shown"),
        ("audit_entry", "reveal", "outbox"),
        "网络数据安全管理条例 12",
        Words("三年", "three years"),
    ),
    Kept(
        Words("已签署委托书", "mandates as they were signed"),
        ("mandate",),
        "民法典 165, 188",
        Words("到期后三年", "three years after their end"),
    ),
    Kept(
        Words("已办结诉求的照片", "photos of settled requests"),
        ("stored_file", "file_use"),
        "机关档案管理规定 (国家档案局令第13号)",
        Words("随诉求档案", "as long as the case"),
    ),
    Kept(
        Words("人口库登记(区里所有)", "the population register, which is the district's"),
        ("resident", "household", "address"),
        "PIPL 34, 35",
        Words("由区里决定", "the district decides"),
    ),
    Kept(
        Words("防滥用计数(不可还原)", "keyed counts against abuse"),
        ("attempt_counter",),
        "网络安全法 23",
        Words("两天", "two days"),
    ),
)
