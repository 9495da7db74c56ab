"""What the platform asks people's consent for: a table, with the basis of each row.

个人信息保护法 (PIPL) 14 to 16: freely given, for a named purpose, withdrawn as easily; 23, 29: a
consent of its own for sharing and for sensitive data; 31: for children under 14 their guardian's.
What the district does by its duty (13, item 3; 35) needs notice and no consent: ``DUTIES``.
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
                "将手机定位得到的精确位置作为诉求地点随诉求保存",
                "Keep the precise location of the phone as the place of a request",
            ),
            "PIPL 28, 29",
            sensitive=True,
            separate=True,
            edition=2,
        ),
        Purpose(
            "identity-number",
            Words(
                "工作人员为代填表单、上门等查看身份证号码(当面核验、紧急情况、数据校核除外)",
                "Let staff see the identity number to fill in forms and the like; to check who one "
                "is in person, in an emergency and to correct the record they see it by duty",
            ),
            "PIPL 28, 29",
            sensitive=True,
            separate=True,
            edition=2,
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


@dataclass(frozen=True, slots=True)
class Duty:
    """What is done with people's data by a duty of law: of which they are told, and not asked."""

    words: Words
    basis: str


DUTIES = (
    Duty(
        Words(
            "以姓名、证件号码核验实名身份,并据人口库确定户、住址、网格",
            "Check name and number against the population register, and take household, address "
            "and grid from it",
        ),
        "PIPL 13(1)(3), 34, 35; 网络安全法 24",
    ),
    Duty(
        Words(
            "受理、分派、办理、回访诉求,保存地图所选地点和办理过程",
            "Take, dispatch, handle and follow up requests, with the place picked on the map",
        ),
        "PIPL 13(1)(3), 34, 35; 国办发〔2020〕53号",
    ),
    Duty(
        Words(
            "工作人员为当面核验、数据校核、处置紧急情况查看一项信息并留痕",
            "Staff see one field to check who one is, to correct the record or in an emergency; "
            "each time is written down",
        ),
        "PIPL 13(1)(3), 13(1)(4), 35",
    ),
)


def purpose_of(code: str) -> Purpose:
    """Return a purpose.

    Raises:
        NotFound: there is none of this code.
    """
    found = PURPOSES.get(code)
    if found is None:
        raise NotFound
    return found
