"""The product as it is served, with three things for the measurements only.

The limits on tries are so high that no call of ours is refused; each is still counted. Every code
is the same, because no text message comes to us. One route stands twice, open and guarded.
"""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import wsgi
from app.identity.codes import issuing
from app.identity.limits import Limit
from app.identity.sign_in import codes, passwords
from app.policy import Role, Scope
from bench.identity.people import CODE
from bench.identity.wsgi_paths import GUARDED, OPEN

VIEW = "areas.list_areas"

NO_LIMIT = 10**9

issuing.secrets = SimpleNamespace(randbelow=lambda _: int(CODE))  # type: ignore[attr-defined, assignment]
for module in (issuing, codes, passwords):
    for name, limit in list(vars(module).items()):
        if isinstance(limit, Limit):
            setattr(module, name, replace(limit, most=NO_LIMIT))
for name in ("PER_PHONE", "PER_PHONE_AND_NETWORK", "PER_HOLDER"):
    limited = tuple(replace(limit, most=NO_LIMIT) for limit in getattr(issuing, name))
    setattr(issuing, name, limited)

app = wsgi.create_app()
rows: Any = app.extensions["linli.policy"].rows
for path, row in (
    (GUARDED, {Role.RESIDENT: Scope.SELF}),
    (OPEN, {Role.ANYONE: Scope.PUBLIC}),
):
    rows[path.strip("/"), "GET"] = row
    app.add_url_rule(path, path.strip("/"), app.view_functions[VIEW])
