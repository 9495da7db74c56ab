"""A request is believed if it is signed, whole, of now and new; the two sides agree on that."""

import base64
import time
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calls.signing import Asked, Key, content_digest, mac, signature_base, signed
from sample.district.signatures import Gate, Heard, Unsigned

SECRET = b"a key that both sides know, and nobody else"
KEY = Key("linli", SECRET)
ASKED = Asked("POST", "district.example", "/api/outcomes", "a=1", b'{"told":true}')


def gate() -> Gate:
    return Gate("linli", SECRET)


def heard(asked: Asked, key: Key = KEY, created: int | None = None, nonce: str = "once") -> Heard:
    """Return a request as the other side hears it."""
    created = int(time.time()) if created is None else created
    headers = signed(asked, key, created, nonce) | {"Host": asked.authority}
    target = f"{asked.path}?{asked.query}" if asked.query else asked.path
    return Heard(asked.method, target, {k.lower(): v for k, v in headers.items()}, asked.body)


def test_the_published_example_has_the_published_signature() -> None:
    """RFC 9421, B.2.5: whoever keeps to the standard computes what we compute."""
    secret = base64.b64decode(
        "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ=="
    )
    covered = [
        ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
        ("@authority", "example.com"),
        ("content-type", "application/json"),
    ]
    names = '("date" "@authority" "content-type")'
    base = signature_base(covered, f'{names};created=1618884473;keyid="test-shared-secret"')
    assert mac(secret, base) == "pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8="


def test_the_published_digest_is_ours() -> None:
    """RFC 9530, appendix D: the digest of the example's body."""
    assert (
        content_digest(b'{"hello": "world"}\n')
        == "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"
    )


@given(
    method=st.sampled_from(["GET", "POST"]),
    query=st.dictionaries(st.text("abc"), st.text(max_size=9), max_size=3),
    body=st.binary(max_size=99),
)
def test_what_is_signed_is_let_in(method: str, query: dict[str, str], body: bytes) -> None:
    """Whatever is asked, with or without query and body."""
    gate().admit(heard(Asked(method, "district.example", "/a", urlencode(query), body)))


@pytest.mark.parametrize(
    "change",
    [
        {"method": "GET"},
        {"target": "/api/outcome?a=1"},
        {"target": "/api/outcomes?a=2"},
        {"target": "/api/outcomes"},
        {"body": b'{"told":false}'},
        {"body": b""},
        {"headers": {"host": "other.example"}},
        {"headers": {"content-digest": content_digest(b"")}},
        {"headers": {"signature": "linli=::"}},
        {"headers": {"signature-input": ""}},
    ],
)
def test_what_was_changed_on_the_way_is_not_let_in(change: dict[str, object]) -> None:
    """Method, path, query, body, host: each is held by the signature."""
    right = heard(ASKED)
    if isinstance(headers := change.get("headers"), dict):
        change = {"headers": {**right.headers, **headers}}
    gate().admit(right)
    with pytest.raises(Unsigned):
        gate().admit(replace(right, **change))  # type: ignore[arg-type]


def test_a_signature_that_covers_less_is_not_let_in() -> None:
    """A signature over the method alone, however right, lets nothing in."""
    request = heard(ASKED)
    parameters = f'("@method");created={int(time.time())};keyid="linli";nonce="n"'
    signature = mac(SECRET, signature_base([("@method", "POST")], parameters))
    headers = {
        **request.headers,
        "signature-input": f"linli={parameters}",
        "signature": f"linli=:{signature}:",
    }
    with pytest.raises(Unsigned):
        gate().admit(replace(request, headers=headers))


def test_a_stranger_an_old_and_a_repeated_request_are_not_let_in() -> None:
    """Another's key, a request of ten minutes ago or hence, the same request twice."""
    now = int(time.time())
    for request in (
        heard(ASKED, Key("linli", b"x" * 40)),
        heard(ASKED, Key("other", SECRET)),
        heard(ASKED, created=now - 600),
        heard(ASKED, created=now + 600),
    ):
        with pytest.raises(Unsigned):
            gate().admit(request)
    door = gate()
    door.admit(heard(ASKED))
    with pytest.raises(Unsigned):
        door.admit(heard(ASKED))
    door.admit(heard(ASKED, nonce="twice"))
