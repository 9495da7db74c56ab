"""What the district's records of departments, staff, addresses, households and residents mean."""

from app.identity.addresses import Inherited
from app.identity.aging import FORGET
from app.identity.kinds import credit_code, id_number, name, phone
from app.identity.models import (
    Address,
    Department,
    Enterprise,
    Household,
    Resident,
    StaffGrant,
)
from app.identity.unbinding import Guarded
from app.policy import STAFF_ROLES
from app.privacy import Pii
from app.sync import (
    Field,
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
    Guarded(
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
        )
    ),
    needs=(Need("household_sid", "households"),),
)

CONTACTS = """
INSERT INTO account (phone_index) SELECT DISTINCT s.contact_phone_index FROM stage_rows s
WHERE s.contact_phone_index IS NOT NULL ORDER BY 1 ON CONFLICT DO NOTHING
"""

# Not on residents: a representative may live elsewhere, and move in later.
ENTERPRISES = Stream(
    "enterprises",
    "enterprise",
    (
        Field("credit_code", credit_code),
        Field("name", text),
        Field("area_code", code),
        Field("representative", name, pii=Pii.PERSONAL),
        Field(
            "representative_number",
            id_number,
            required=False,
            pii=Pii.SENSITIVE,
            index="id_number",
        ),
        Field("contact_phone", phone, required=False, pii=Pii.PERSONAL, index="phone"),
        Field("status", choice("active", "suspended", "revoked", "closed")),
        *PERIOD,
    ),
    Projection(
        Enterprise,
        ("sid",),
        {
            "sid": "s.sid",
            "credit_code": "s.credit_code",
            "name": "s.name",
            "area_code": "s.area_code",
            "representative_number_sealed": "s.representative_number_sealed",
            "representative_index": "s.representative_number_index",
            "contact_account_id": "(SELECT a.id FROM account a"
            " WHERE a.phone_index = s.contact_phone_index)",
            "status": "s.status",
        }
        | VALID,
        before=(CONTACTS,),
        ends="valid_to",
    ),
    needs=(Need("area_code", "areas", "code"),),
    unique="credit_code",
)

STREAMS = (DEPARTMENTS, STAFF, ADDRESSES, HOUSEHOLDS, RESIDENTS, ENTERPRISES)
