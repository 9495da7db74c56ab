"""Numbers, names, phones and credit codes of the district's records, as the field writes them."""

from app import clock
from app.identity.credit_codes import parse_credit_code
from app.identity.numbers import normal_name, parse_number
from app.sms.phones import parse_phone
from app.sync import FieldRefused, Kind, Letters


def _id_number(value: str) -> str:
    """Read a resident number (GB 11643), 18 digits; an odd address code is no fault."""
    try:
        return parse_number(value, clock.today()).number
    except ValueError as fault:
        raise FieldRefused("NOT_AN_ID_NUMBER") from fault


def _phone(value: str) -> str:
    """Read a mainland mobile number."""
    try:
        return parse_phone(value)
    except ValueError as fault:
        raise FieldRefused("NOT_A_PHONE") from fault


def _name(value: str) -> str:
    """Read a person's name, of whatever script."""
    try:
        return normal_name(value)
    except ValueError as fault:
        raise FieldRefused("NOT_A_NAME") from fault


def _credit_code(value: str) -> str:
    """Read a unified social credit code (GB 32100)."""
    try:
        return parse_credit_code(value)
    except ValueError as fault:
        raise FieldRefused("NOT_A_CREDIT_CODE") from fault


CLEAN_DATE = (
    "(?:19[3-9][0-9]|20[01][0-9]|202[0-5])"
    "(?:(?:0[1-9]|1[0-2])(?:0[1-9]|1[0-9]|2[0-8])"
    "|(?:0[13-9]|1[0-2])(?:29|30)|(?:0[13578]|1[02])31)"
)

CLEAN_NAME = Letters("一-鿿", 20)

id_number = Kind(
    "id_number",
    _id_number,
    f"[1-9][0-9]{{5}}{CLEAN_DATE}[0-9]{{3}}[0-9X]",
    check_digit="ISO 7064 MOD 11-2",
    described={"type": "string", "constraints": {"pattern": "[0-9]{17}[0-9X]"}},
)
phone = Kind(
    "phone",
    _phone,
    "1[3-9][0-9]{9}",
    described={"type": "string", "constraints": {"pattern": "1[3-9][0-9]{9}"}},
)
name = Kind(
    "name",
    _name,
    CLEAN_NAME.pattern,
    described={"type": "string", "constraints": {"maxLength": 100}},
    glance=CLEAN_NAME,
)
credit_code = Kind(
    "credit_code", _credit_code, described={"type": "string", "constraints": {"minLength": 18}}
)
