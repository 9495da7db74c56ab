"""Three administrators: whoever runs the system, whoever grants rights, whoever reads the audit.

GB/T 22239-2019 (level 3, 8.1.5: 系统管理, 审计管理, 安全管理) has three; no person is two.
"""

from collections.abc import Iterable

from app.errors import Conflict, Words
from app.policy.actor import Grant, Role

APART = frozenset({Role.ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR})


class RolesKeptApart(Conflict):
    """System, security and audit are three people: whoever has one of them gets no other."""

    slug = "roles-kept-apart"
    title = Words("系统、安全、审计管理员不得兼任", "Nobody is two of the three administrators")


def clash(held: Iterable[Role]) -> bool:
    """Tell whether somebody with these roles would be two of the three administrators."""
    return len(APART.intersection(held)) > 1


def kept_apart(grants: tuple[Grant, ...]) -> tuple[Grant, ...]:
    """Return the grants that count: of two administrators in one person, neither does.

    The district's staff register may name somebody for both; then nobody decides for it.
    """
    if not clash(grant.role for grant in grants):
        return grants
    return tuple(grant for grant in grants if grant.role not in APART)
