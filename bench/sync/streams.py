"""The bench's contracts: the same 16 columns, once with nothing personal, once as it is in life.

Both read every value by the same rules, check digits included. What differs is what is stored:
``personal`` seals three fields and finds two of them by blind indexes.
"""

from app.identity.kinds import id_number, name, phone
from app.privacy import Pii
from app.sync.contract.kinds import choice, code, day, key, text
from app.sync.contract.stream import Field, Stream
from bench.sync.names import PERSONAL, PLAIN
from bench.sync.residents import RELATIONS


def _stream(title: str, *people: Field) -> Stream:
    others = (
        Field("sex", choice("F", "M")),
        Field("born_on", day),
        Field("ethnicity", code),
        Field("education", code),
        Field("occupation", code),
        Field("household_sid", key),
        Field("relation", choice(*RELATIONS)),
        Field("grid_code", code),
        Field("address", text),
        Field("register_kind", code),
        Field("registered_on", day),
    )
    return Stream(title, title, (*people, *others))


STREAMS = {
    PLAIN: _stream(
        PLAIN,
        Field("id_number", id_number),
        Field("name", name),
        Field("phone", phone, required=False),
    ),
    PERSONAL: _stream(
        PERSONAL,
        Field("id_number", id_number, pii=Pii.SENSITIVE, index="id_number"),
        Field("name", name, pii=Pii.PERSONAL),
        Field("phone", phone, required=False, pii=Pii.PERSONAL, index="phone"),
    ),
}
"""Mirror only: no projection, nothing is waited for."""
