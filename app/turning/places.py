"""Which column is bound to which place, so that it can be opened and sealed again: a table.

By rule a column ``x_sealed`` of a table ``t`` is bound to ``t.x`` and the row's ``id``; the table
names those for which it is otherwise. What lives for hours only is left to die with its key.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.database import Model
from app.sync import Stream

SEALED = "_sealed"


@dataclass(frozen=True, slots=True)
class Place:
    """A sealed column: the field's name, the SQL of the row's key, the index reckoned from it."""

    table: str
    column: str
    field: str
    row: str
    index: str | None = None
    index_name: str | None = None

    @property
    def name(self) -> str:
        """Return how progress is kept and shown."""
        return f"{self.table}.{self.column}"


OTHERWISE = {
    "resident.name_sealed": ("resident.name", "sid"),
    "resident.id_number_sealed": ("resident.id_number", "sid"),
    "enterprise.representative_number_sealed": ("enterprise.representative_number", "sid"),
    "staff_grant.name_sealed": ("staff.name", "staff_sid"),
    "sign_in_session.device_sealed": ("session.device", "id"),
    "sync_quarantine.raw_sealed": ("sync_quarantine.raw", "digest"),
    "rating.words_sealed": ("rating.words", "request_id"),
    "request_event.note_sealed": ("request_event.note", "request_id"),
    "request_decline.words_sealed": ("request_decline.words", "request_id"),
    "request_objection.reason_sealed": ("request_objection.reason", "request_id"),
    "in_person_proof.reason_sealed": ("proof.reason", "id"),
    "authenticator.secret_sealed": ("authenticator.secret", "account_id"),
    "push_subscription.endpoint_sealed": ("push.endpoint", "id"),
    "push_subscription.keys_sealed": ("push.keys", "id"),
    "push_subscription.device_sealed": ("push.device", "id"),
    "webhook_endpoint.url_sealed": ("webhook.url", "id"),
    "webhook_endpoint.secret_sealed": ("webhook.secret", "id"),
    "webhook_endpoint.old_secret_sealed": ("webhook.secret", "id"),
    "wechat_link.code_sealed": ("wechat.code", "id"),
    "wechat_link.openid_sealed": ("wechat.openid", "id"),
}

FLEETING = {
    "idempotency_key.answer_sealed": "48 hours",
    "sign_in_session.successor_sealed": "until the next refresh; without it the phone signs in",
    "sms_message.phone_sealed": "an hour",
    "sms_message.text_sealed": "an hour",
    "provider_visit.verifier_sealed": "minutes",
    "wechat_token.token_sealed": "two hours",
    "holdings_export.content_sealed": "a day, and under the subject's own key",
}
"""What is not sealed anew: it is gone before an old key may be taken away, after 48 hours."""

INDEXED = {
    "resident.id_number_sealed": ("id_number_index", "id_number"),
    "enterprise.representative_number_sealed": ("representative_index", "id_number"),
}


def places(streams: Sequence[Stream]) -> list[Place]:
    """Return every column that is sealed anew, mirrors of the streams first."""
    mirrors = {stream.mirror.name: stream for stream in streams}
    found = [place for stream in streams for place in _of_mirror(stream)]
    for table in Model.metadata.sorted_tables:
        if table.name not in mirrors:
            for column in table.columns:
                name = f"{table.name}.{column.name}"
                if column.name.endswith(SEALED) and name not in FLEETING:
                    found.append(_of_table(table.name, column.name))
    return found


def _of_mirror(stream: Stream) -> Iterable[Place]:
    for each in stream.fields:
        if each.sealed:
            index = f"{each.name}_index" if each.index else None
            name = stream.mirror.name
            yield Place(name, each.column, stream.place(each), "sid", index, each.index)


def _of_table(table: str, column: str) -> Place:
    usual = (f"{table}.{column.removesuffix(SEALED)}", "id")
    field, row = OTHERWISE.get(f"{table}.{column}", usual)
    index, name = INDEXED.get(f"{table}.{column}", (None, None))
    return Place(table, column, field, row, index, name)
