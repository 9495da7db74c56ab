"""What the district's records of departments, staff, addresses, households and residents mean."""

from app import clock
from app.identity.addresses import Inherited
from app.identity.aging import FORGET
from app.identity.credit_codes import parse_credit_code
from app.identity.models import Address, Department, Household, Resident, StaffGrant
from app.identity.numbers import normal_name, parse_number
from app.policy import STAFF_ROLES
from app.privacy import Pii
from app.sms.phones import parse_phone
from app.sync import (
    Field,
    FieldRefused,
    Kind,
    Need,
    Projection,
    Stream,
    choice,
    code,
    day,
    decimal,
    key,
    text,
)

VALID = {"valid_from": "s.valid_from::date", "valid_to": "s.valid_to::date"}
PERIOD = (Field("valid_from", day), Field("valid_to", day, required=False))


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
    "name", _name, "[一-鿿]{1,20}", described={"type": "string", "constraints": {"maxLength": 100}}
)
credit_code = Kind(
    "credit_code", _credit_code, described={"type": "string", "constraints": {"minLength": 18}}
)

DEPARTMENTS = Stream(
    "departments",
    "department",
    (
        Field("code", code),
        Field("name", text),
        Field("name_en", text, required=False),
        Field("credit_code", credit_code),
        *PERIOD,
    ),
    Projection(
        Department,
        ("code",),
        {each: f"s.{each}" for each in ("code", "name", "name_en", "credit_code")} | VALID,
        ends="valid_to",
    ),
    unique="code",
)

NEW_ACCOUNTS = """
INSERT INTO account (phone_index) SELECT DISTINCT s.phone_index FROM stage_rows s
ORDER BY 1 ON CONFLICT DO NOTHING
"""

STAFF = Stream(
    "staff",
    "staff",
    (
        Field("name", name, pii=Pii.PERSONAL),
        Field("phone", phone, pii=Pii.PERSONAL, index="phone"),
        Field("role", choice(*(str(role) for role in STAFF_ROLES))),
        Field("area_code", code, required=False),
        Field("department_code", code, required=False),
        *PERIOD,
    ),
    Projection(
        StaffGrant,
        ("staff_sid", "role"),
        {
            "staff_sid": "s.sid",
            "role": "s.role",
            "account_id": "(SELECT a.id FROM account a WHERE a.phone_index = s.phone_index)",
            "name_sealed": "s.name_sealed",
            "area_code": "s.area_code",
            "department_code": "s.department_code",
        }
        | VALID,
        before=(NEW_ACCOUNTS,),
    ),
    needs=(
        Need("area_code", "areas", "code"),
        Need("department_code", "departments", "code"),
    ),
)

ADDRESSES = Stream(
    "addresses",
    "address",
    (
        Field("text", text, pii=Pii.PERSONAL),
        Field("grid_code", code, pii=Pii.INTERNAL),
        Field("lng", decimal(-180, 180), pii=Pii.PERSONAL),
        Field("lat", decimal(-90, 90), pii=Pii.PERSONAL),
        Field("crs", choice("wgs84")),
    ),
    Inherited(Projection(Address, ("sid",), {"sid": "s.sid", "grid_code": "s.grid_code"})),
    needs=(Need("grid_code", "areas", "code"),),
)

HOUSEHOLDS = Stream(
    "households",
    "household",
    (
        Field("address_sid", key, pii=Pii.INTERNAL),
        Field("tenure", choice("owner", "tenant"), pii=Pii.INTERNAL),
    ),
    Projection(
        Household,
        ("sid",),
        {"sid": "s.sid", "address_sid": "s.address_sid", "tenure": "s.tenure"},
    ),
    needs=(Need("address_sid", "addresses"),),
)

# Who is gone from the register is not known by name any more; the account stays, at its phone.
UNLINK = """
UPDATE account a SET resident_id = NULL, level = CASE WHEN EXISTS (
  SELECT FROM network_identity n WHERE n.account_id = a.id) THEN 3 ELSE 1 END
FROM resident r JOIN stage_gone s ON r.sid = s.sid WHERE a.resident_id = r.id
"""

RESIDENTS = Stream(
    "residents",
    "resident",
    (
        Field("name", name, pii=Pii.PERSONAL),
        Field("id_number", id_number, pii=Pii.SENSITIVE, index="id_number"),
        Field("phone", phone, required=False, pii=Pii.PERSONAL, index="phone"),
        Field("household_sid", key, pii=Pii.INTERNAL),
        Field("relation", choice("head", "spouse", "child", "parent", "other"), pii=Pii.INTERNAL),
    ),
    Projection(
        Resident,
        ("sid",),
        {
            "sid": "s.sid",
            "name_sealed": "s.name_sealed",
            "id_number_sealed": "s.id_number_sealed",
            "id_number_index": "s.id_number_index",
            "household_sid": "s.household_sid",
            "relation": "s.relation",
        },
        before=(FORGET,),
        leaving=(UNLINK,),
    ),
    needs=(Need("household_sid", "households"),),
)

STREAMS = (DEPARTMENTS, STAFF, ADDRESSES, HOUSEHOLDS, RESIDENTS)
