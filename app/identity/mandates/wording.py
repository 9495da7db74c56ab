"""The written form of a mandate, as the principal signs it (民法典 165)."""

from collections.abc import Sequence
from datetime import date, timedelta

from app.identity.mandates.lifecycle import Power

IN_WORDS = {
    Power.FILE: "提交诉求",
    Power.FOLLOW: "查看办理进度",
    Power.RATE: "评价",
    Power.BOOK: "预约",
    Power.READ_NOTICES: "查看通知",
}


def written_form(
    agent: str,
    principal: str,
    matters: Sequence[str] | None,
    powers: Sequence[str],
    valid_from: date,
    valid_to: date,
) -> str:
    """Return the text: agent, principal, matters, powers and period; ``valid_to`` is left out."""
    about = "、".join(matters) if matters is not None else "全部事项"
    may = "、".join(IN_WORDS[Power(power)] for power in powers)
    last = valid_to - timedelta(days=1)
    return (
        f"授权委托书\n委托人:{principal}\n代理人:{agent}\n代理事项:{about}\n代理权限:{may}\n"
        f"代理期限:{valid_from.isoformat()} 至 {last.isoformat()}\n"
        "代理人不得转委托。委托人可以随时取消委托。"
    )
