"""``python -m bench.identity.seeding``: residents who are signed in, and known numbers.

It runs in the product's own process, under its keys, and prints what the callers need as JSON.
"""

import json
import os
import uuid

import uuid_utils.compat as uuids

import wsgi
from app import clock
from app.database import db, read, transaction, write
from app.factory import assemble
from app.http.tokens import issue_token
from app.identity.sessions.beginning import begin
from app.identity.sign_in import hashing
from app.privacy import vault
from app.settings import from_environment
from bench.identity.people import PASSWORD, PASSWORDS, number

RESIDENTS = 64
KNOWN = 1000
ACCOUNT = """
INSERT INTO account (id, phone_index, resident_id, level)
VALUES (%(id)s, %(phone)s, %(resident)s, %(level)s)
"""
WHO = "SELECT id FROM resident ORDER BY sid LIMIT %(n)s"


def main() -> None:
    """Write the accounts and print tokens."""
    with assemble(from_environment(os.environ), wsgi.FEATURES).app_context():
        tokens = [_resident(row.id) for row in read(WHO, {"n": RESIDENTS})]
        with transaction():
            for n in range(KNOWN):
                _account(number(1, n))
            hashed = hashing.hashed(PASSWORD)
            for n in range(PASSWORDS):
                about = {"id": _account(number(3, n)), "hash": hashed, "now": clock.now()}
                write("INSERT INTO account_password VALUES (%(id)s, %(hash)s, %(now)s)", about)
        db.session.remove()
    print(json.dumps(tokens))


def _resident(resident: uuid.UUID) -> str:
    with transaction():
        account = _account(number(5, resident.int % 10**8), resident, 2)
    begun = begin(account, "bench")
    return issue_token(account, begun.session_id)


def _account(phone: str, resident: uuid.UUID | None = None, level: int = 1) -> uuid.UUID:
    key = uuids.uuid7()
    index = vault.index("phone", phone)
    write(ACCOUNT, {"id": key, "phone": index, "resident": resident, "level": level})
    return key


if __name__ == "__main__":
    main()
