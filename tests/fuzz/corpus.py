"""Bytes that no description yields, each with what it has to be answered."""

import json

from tests.requests_of import NEW

AT_A_PLACE = json.dumps(NEW)
AN_ID = "018f6d2e-7c1a-7b3e-9a52-2f1de6c3a001"

NOT_JSON = {
    "nothing": b"",
    "half": b'{"matter":',
    "a key twice": b'{"matter":"RUBBISH","matter":"NOISE"}',
    "a key twice, spelled otherwise": rb'{"matter":"RUBBISH","m\u0061tter":"NOISE"}',
    "not a number": b'{"place":{"lng":NaN}}',
    "endless": b'{"place":{"lng":-Infinity}}',
    "more digits than are read": b'{"place":{"lng":1' + b"0" * 5000 + b"}}",
    "a pit of arrays": b"[" * 100_000,
    "a pit of objects": b'{"a":' * 100_000,
    "a byte order mark": b"\xef\xbb\xbf" + AT_A_PLACE.encode(),
    "UTF-16": AT_A_PLACE.encode("utf-16"),
    "GB 18030": json.dumps(NEW, ensure_ascii=False).encode("gb18030"),
    "half a character": b'{"words":"\xe6\xa5"}',
    "a surrogate as UTF-8": b'{"words":"\xed\xa0\x80"}',
    "a character too long": b'{"words":"\xc0\x80"}',
    "a raw line break in a string": b'{"words":"a\nb"}',
    "more after the end": AT_A_PLACE.encode() + b"{}",
    "comments": b'{"words":"a"} // b',
    "single quotes": b"{'words':'a'}",
}

WRONG_KINDS = (
    "text/plain",
    "text/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "",
)

WRONG_REQUEST: dict[str, tuple[dict[str, object], str, str]] = {
    "NUL": ({"words": "a\x00b"}, "/words", "control-characters"),
    "escape": ({"words": "\x1b[31mred"}, "/words", "control-characters"),
    "a lone surrogate": ({"words": "\ud800"}, "/words", "control-characters"),
    "surrogates in the wrong order": ({"words": "\udc00\ud800"}, "/words", "control-characters"),
    "too many words": ({"words": "长" * 10_000}, "/words", "length"),
    "no words": ({"words": ""}, "/words", "length"),
    "words that are a list": ({"words": ["a"]}, "/words", "invalid"),
    "words that are null": ({"words": None}, "/words", "null"),
    "NUL in a code": ({"matter": "RUBBISH\x00"}, "/matter", "pattern"),
    "a line break after a code": ({"matter": "RUBBISH\n"}, "/matter", "pattern"),
    "a code in full width": ({"matter": "ＲＵＢＢＩＳＨ"}, "/matter", "pattern"),
    "a code of 10,000": ({"matter": "R" * 10_000}, "/matter", "pattern"),
    "a field too many": ({"account_id": AN_ID}, "/account_id", "unknown"),
    "a field with a strange name": ({"\x00\ud800": 1}, "/?", "unknown"),
    "a place that is a list": ({"place": [124.3, 40.0]}, "/place", "invalid"),
}

WRONG_PLACE: dict[str, tuple[str, str]] = {
    "10^400": ("1" + "0" * 400, "invalid"),
    "10^400 as a float": ("1e400", "invalid"),
    "2^53": ("9007199254740993", "range"),
    "a number in a string": ('"124.3"', "invalid"),
    "true": ("true", "invalid"),
    "a list": ("[124.3]", "invalid"),
}

WRONG_STARS: dict[str, tuple[str, str]] = {
    "2^31": ("2147483648", "range"),
    "2^63": ("9223372036854775808", "range"),
    "10^400": ("1" + "0" * 400, "range"),
    "10^400 as a float": ("1e400", "invalid"),
    "zero": ("0", "range"),
    "minus": ("-1", "range"),
    "a half": ("4.5", "invalid"),
    "padded": ('" 4 "', "invalid"),
    "a string": ('"4"', "invalid"),
    "Arabic-Indic": ('"٤"', "invalid"),
    "true": ("true", "invalid"),
}

WRONG_MOMENTS = (
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "1999-12-31T23:59:59Z",
    "2026-02-30T00:00:00Z",
    "2026-11-23T25:00:00Z",
    "2026-11-23T00:00:00",
    "2026-11-23",
    "٢٠٢٦-11-23T00:00:00Z",
    "2026-11-23T00:00:00+99:99",
    "1795437515",
)

WRONG_QUERY = {
    "limit=٧": "/limit",
    "limit=%D9%A7": "/limit",
    "limit=%207%20": "/limit",
    "limit=%2B7": "/limit",
    "limit=7.0": "/limit",
    "limit=1e1": "/limit",
    "limit=": "/limit",
    "limit=0": "/limit",
    "limit=-5": "/limit",
    "limit=101": "/limit",
    "limit=2147483648": "/limit",
    "limit=99999999999999999999": "/limit",
    "limit=7&limit=7": "/limit",
    "limit=%00": "/limit",
    "q=%00": "/q",
    "parent=%00": "/parent",
    "parent=%FF%FE": "/parent",
    "parent=%": "/parent",
    "parent=DDHT%0A": "/parent",
    "cursor=%00": "/cursor",
    "cursor=": "/cursor",
    "cursor=" + "A" * 601: "/cursor",
}

WRONG_POINTS = (
    "",
    "NaN,40",
    "124,inf",
    "124",
    "124,40,1",
    "١٢٤,40",
    "124%00,40",
    "181,0",
    "0,90.1",
)

NOWHERE = (
    "/api/v1/requests/9223372036854775808",
    "/api/v1/requests/%D9%A1",
    "/api/v1/requests/%00",
    f"/api/v1/requests/{AN_ID}%0A",
    f"/api/v1/requests/{{{AN_ID}}}",
    f"/api/v1/requests/{AN_ID.replace('-', '')}",
    "/api/v1/areas/%00",
    "/api/v1/areas/%FF",
    "/api/v1/areas/" + "D" * 41,
    "/api/v1/matters/../../healthz",
    "/api/v1/matters/..%2F..%2Fhealthz",
    "/docs/..%2F..%2F..%2Fwsgi.py",
)

WRONG_KEYS = ("", "short", "k" * 129, "with space", "ключ-ключ", "٧٧٧٧٧٧٧٧", "k" * 10_000)

WRONG_TAGS = ("*", "v1", 'W/"v1"', '"v1", "v2"', '"v-1"', '"v٧"', '"v2147483648"', '"v1"x')
