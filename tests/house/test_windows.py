"""What is shown of a guarded table to more than its people is public, and shown by these views."""

from collections.abc import Callable

from flask import Flask

from app.database import NOBODY, Kind, Sight, read
from app.privacy import Pii
from community.requests.models import ServiceRequest
from tests.people import RESIDENT, Caller, Person, account_of
from tests.wall.rows import seen_as

WINDOW = "linli_window"
PUBLIC = "request_pin"
OF_STAFF = "request_spot"
OF_WHO_ASKS = "standing_session"
CASES = "service_request"

OWNED = "SELECT relname AS name FROM pg_class WHERE pg_get_userbyid(relowner) = %(role)s"
SHOWN = """
SELECT attname AS name FROM pg_attribute
WHERE attrelid = %(view)s::regclass AND attnum > 0 AND NOT attisdropped
"""
GRANTED = """
SELECT c.relname AS table, a.attname AS column, acl.privilege_type AS what
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid, aclexplode(a.attacl) acl
WHERE pg_get_userbyid(acl.grantee) = %(role)s
"""
WHOLE = """
SELECT c.relname AS name FROM pg_class c, aclexplode(c.relacl) acl
WHERE pg_get_userbyid(acl.grantee) = %(role)s AND c.relkind <> 'v'
"""
POLICIES = """
SELECT tablename, policyname, cmd, qual, roles::text AS roles FROM pg_policies
WHERE schemaname = 'public' AND roles <> '{public}'
"""
ROLE = """
SELECT rolcanlogin OR rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb AS may,
  pg_has_role(current_user, r.oid, 'MEMBER') AS lent,
  has_schema_privilege(r.oid, 'public', 'CREATE') AS makes
FROM pg_roles r WHERE rolname = %(role)s
"""


WHO_ASKS = {
    "account": {"id", "level", "resident_id", "reading_mark", "suspended_at", "status"},
    "address": {"sid", "grid_code"},
    "area": {"code", "path"},
    "authenticator": {"account_id", "confirmed_at"},
    "enterprise": {"contact_account_id", "representative_index"},
    "household": {"id", "sid", "address_sid"},
    "resident": {"id", "household_sid", "id_number_index"},
    "sign_in_session": {
        *("id", "account_id", "revoked_at", "started_at", "last_used_at", "expires_at"),
        *("proved_at", "proved_how"),
    },
    "staff_grant": {"account_id"},
    "subject_key": {"subject", "wrapped"},
}
"""What is read to find out who asks: no name, no number, no phone, sealed or not."""
UNGUARDED = {"address", "area"}


def shown(view: str) -> set[str]:
    return {row.name for row in read(SHOWN, {"view": view})}


def test_windows_are_these_three_and_look_at_cases_and_at_who_asks(app: Flask) -> None:
    assert {row.name for row in read(OWNED, {"role": WINDOW})} == {PUBLIC, OF_STAFF, OF_WHO_ASKS}
    policies = [tuple(row) for row in read(POLICIES)]
    looked_at = {table for table, *_ in policies}
    assert looked_at == {CASES, *WHO_ASKS} - UNGUARDED
    assert {tuple(rest) for _, *rest in policies} == {
        ("windows", "SELECT", "true", f"{{{WINDOW}}}")
    }


def test_everybody_sees_what_the_models_call_public_and_a_rounded_place(app: Flask) -> None:
    """Rounding itself is a promise of tests/near and of tests/wall."""
    columns = ServiceRequest.__table__.columns
    public = {column.name for column in columns if column.info["pii"] == Pii.PUBLIC}
    assert shown(PUBLIC) == public | {"lng", "lat"}


def test_windows_may_read_no_column_besides_and_none_that_is_sealed(app: Flask) -> None:
    granted = [tuple(row) for row in read(GRANTED, {"role": WINDOW})]
    seen = shown(PUBLIC) | shown(OF_STAFF) | {"confidential"}
    columns_of = {CASES: seen, **WHO_ASKS}
    assert sorted(granted) == sorted(
        (table, name, "SELECT") for table, names in columns_of.items() for name in names
    )
    assert read(WHOLE, {"role": WINDOW}) == []
    columns = ServiceRequest.__table__.columns
    assert {columns[name].info["pii"] for name in seen} == {Pii.PUBLIC, Pii.INTERNAL}


def test_who_asks_is_found_by_what_looks_beyond_alone(sign_in: Callable[[Person], Caller]) -> None:
    sign_in(RESIDENT)
    me = account_of(RESIDENT)
    sql = f"SELECT FROM {OF_WHO_ASKS}"
    for sight in (NOBODY, Sight(Kind.RESIDENT, me), Sight(Kind.STAFF, me)):
        assert seen_as(sql, sight) == []
    for kind in (Kind.BEYOND, Kind.SYSTEM):
        assert seen_as(sql, Sight(kind))


def test_the_product_does_not_go_in_by_the_role_of_windows(app: Flask) -> None:
    assert [tuple(row) for row in read(ROLE, {"role": WINDOW})] == [(False, False, False)]
