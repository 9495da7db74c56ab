"""What names nobody for long, and what law makes us keep when an account is closed."""

from app.errors import Words
from app.privacy import Excused, Kept

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
        Words("不少于三年", "at least three years"),
    ),
    Kept(
        Words("已签署委托书", "mandates as they were signed"),
        ("mandate",),
        "民法典 165, 188",
        Words("到期后三年", "three years after their end"),
    ),
    Kept(
        Words(
            "监护关系及监护人同意的凭证(仅编号)", "guardianships and a guardian's word, by ids only"
        ),
        ("guardianship", "guardian_consent"),
        "民法典 34, 188; PIPL 31, 56",
        Words("终止后三年", "three years after their end"),
    ),
    Kept(
        Words("曾任职务的临时授权、代理记录", "rights for a time and cover of an office once held"),
        ("added_grant",),
        "GB/T 22239-2019 8.1.5",
        Words("到期后三年", "three years after their end"),
    ),
    Kept(
        Words(
            "校核申请的编号、时间、结果(内容随账户密钥一并不可读)",
            "that a correction was asked for and what came of it, without its words",
        ),
        ("correction",),
        "PIPL 46",
        Words("随登记", "as long as the record"),
    ),
    Kept(
        Words(
            "已办结诉求附有照片的记录(照片本身随账户密钥一并不可读)",
            "that a settled request had photos; the photos go with the key of the account",
        ),
        ("stored_file", "file_use"),
        "机关档案管理规定 (国家档案局令第13号)",
        Words("随诉求档案", "as long as the case"),
    ),
    Kept(
        Words("人口库、企业、人员登记(区里所有)", "the registers, which are the district's"),
        ("resident", "household", "address", "enterprise", "staff_grant"),
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
