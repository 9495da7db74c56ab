"""What the ground itself holds of a person, by kind: the tables, and how each is read."""

from typing import Any

from app.errors import Words
from app.privacy import Holding
from app.rights import held, records


def _of(name: str, zh: str, en: str, tables: str, read: Any) -> Holding:
    return Holding(name, Words(zh, en), tuple(tables.split()), read)


REGISTERED = "resident household address src_residents src_addresses src_households"

PROVED = "in_person_proof network_identity"
FAMILY = "guardianship guardian_consent household_share"

HOLDINGS = (
    _of(
        "account",
        "账户",
        "Account",
        "account account_password provider_link authenticator recovery_code",
        records.plain(held.ACCOUNT),
    ),
    _of("register", "人口库登记", "Population register", REGISTERED, records.register),
    _of("homes", "曾居住地", "Where I lived before", "past_home", records.homes),
    _of(
        "proofs",
        "实名核验",
        "How I was proved",
        PROVED,
        records.opening(held.PROOFS, reason=("proof.reason", "reason_sealed", "id")),
    ),
    _of("consents", "同意记录", "Consents", "consent", records.consents),
    _of("family", "家庭与监护", "Family", FAMILY, records.plain(held.FAMILY)),
    _of(
        "devices",
        "登录设备",
        "Devices",
        "sign_in_session spent_token",
        records.opening(held.DEVICES, device=("session.device", "device_sealed", "id")),
    ),
    _of(
        "mandates",
        "代办委托",
        "Mandates",
        "mandate",
        records.opening(held.MANDATES, text=("mandate.text", "text_sealed", "id")),
    ),
    _of("office", "任职与权限", "Office", "staff_grant added_grant src_staff", records.office),
    _of(
        "enterprises",
        "代表的企业",
        "Enterprises that I act for",
        "enterprise src_enterprises",
        records.enterprises,
    ),
    _of("corrections", "校核申请", "Corrections", "correction", records.tickets),
    _of("files", "上传的文件", "Files", "stored_file file_use", records.plain(held.FILES)),
    _of("told", "已告知区数据中心", "Told to the district", "outbox", records.told),
    _of(
        "seen-by",
        "谁查看过我的信息",
        "Who was shown my data",
        "reveal",
        records.opening(held.SEEN, words=("reveal.words", "words_sealed", "id")),
    ),
    _of("deeds", "操作记录", "What I did", "audit_entry", records.plain(held.DEEDS)),
    _of(
        "done-to-me",
        "他人对我的操作",
        "What was done to me",
        "audit_entry",
        records.plain(held.DONE_TO_ME),
    ),
    _of("copies", "个人信息副本", "Copies", "holdings_export", records.plain(held.COPIES)),
)
