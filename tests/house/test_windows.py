"""What is shown of a guarded table to more than its people is public, and shown by these views."""

from flask import Flask

from app.database import read
from app.privacy import Pii
from community.requests.models import ServiceRequest

WINDOW = "linli_window"
PUBLIC = "request_pin"
OF_STAFF = "request_spot"

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


def shown(view: str) -> set[str]:
    return {row.name for row in read(SHOWN, {"view": view})}


def test_windows_are_these_two_and_look_at_cases(app: Flask) -> None:
    assert {row.name for row in read(OWNED, {"role": WINDOW})} == {PUBLIC, OF_STAFF}
    policies = [tuple(row) for row in read(POLICIES)]
    assert policies == [("service_request", "windows", "SELECT", "true", f"{{{WINDOW}}}")]


def test_everybody_sees_what_the_models_call_public_and_a_rounded_place(app: Flask) -> None:
    """Rounding itself is a promise of tests/near and of tests/wall."""
    columns = ServiceRequest.__table__.columns
    public = {column.name for column in columns if column.info["pii"] == Pii.PUBLIC}
    assert shown(PUBLIC) == public | {"lng", "lat"}


def test_windows_may_read_no_column_besides_and_none_that_is_sealed(app: Flask) -> None:
    granted = [tuple(row) for row in read(GRANTED, {"role": WINDOW})]
    seen = shown(PUBLIC) | shown(OF_STAFF) | {"confidential"}
    assert sorted(granted) == sorted(("service_request", name, "SELECT") for name in seen)
    assert read(WHOLE, {"role": WINDOW}) == []
    columns = ServiceRequest.__table__.columns
    assert {columns[name].info["pii"] for name in seen} == {Pii.PUBLIC, Pii.INTERNAL}


def test_the_product_does_not_go_in_by_the_role_of_windows(app: Flask) -> None:
    assert [tuple(row) for row in read(ROLE, {"role": WINDOW})] == [(False, False, False)]
