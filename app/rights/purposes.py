"""What the platform asks people's consent for: a table, with the basis of each row.

个人信息保护法 (PIPL) 14 to 16: freely given, for a named purpose, withdrawn as easily; 23, 29: a
consent of its own for sharing and for sensitive data; 31: for children under 14 their guardian's.
What the district does by its duty (13, item 3; 35) needs notice, no consent, and stands in no row.
"""

from dataclasses import dataclass
from datetime import date

from app.errors import NotFound, Words


@dataclass(frozen=True, slots=True)
class Purpose:
    """A purpose. ``separate``: never bundled with another; ``sensitive``: of a class of PIPL 28."""

    code: str
    words: Words
    basis: str
    sensitive: bool
    separate: bool
    of_children: bool = False
    edition: int = 1
    since: date = date(2026, 11, 25)


PURPOSES = {
    each.code: each
    for each in (
        Purpose(
            "phone-sharing",
            Words(
                "将本账户绑定的手机号码提供给区数据中心,用于人口库登记",
                "Give the phone of this account to the district, for its population register",
            ),
            "PIPL 23",
            sensitive=False,
            separate=True,
        ),
        Purpose(
            "precise-location",
            Words(
                "使用手机的精确位置,查找附近的诉求和服务点",
                "Use the precise location of the phone to find requests and desks nearby",
            ),
            "PIPL 28, 29",
            sensitive=True,
            separate=True,
        ),
        Purpose(
            "identity-number",
            Words(
                "将身份证号码用于在线核验以外的服务(如代填表单)",
                "Use the identity number beyond verification, such as to fill in forms",
            ),
            "PIPL 28, 29",
            sensitive=True,
            separate=True,
        ),
        Purpose(
            "return-visit",
            Words("办结后电话回访", "Be called after a request is settled"),
            "PIPL 13(1)",
            sensitive=False,
            separate=False,
        ),
        Purpose(
            "child-services",
            Words(
                "处理未满十四周岁儿童的个人信息,为其办理事项",
                "Handle the data of a child under 14 to do things for them",
            ),
            "PIPL 28, 29, 31",
            sensitive=True,
            separate=True,
            of_children=True,
        ),
    )
}


def purpose_of(code: str) -> Purpose:
    """Return a purpose.

    Raises:
        NotFound: there is none of this code.
    """
    found = PURPOSES.get(code)
    if found is None:
        raise NotFound
    return found
