"""What can go wrong, in the words of the field and in two languages. Nothing here knows HTTP.

Every refusal is a class with a stable ``slug``, a ``title`` and a docstring that says when it is
raised and what to do about it; docs/problems.md is printed from these docstrings.
"""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """The same sentence in Chinese and in English."""

    zh: str
    en: str

    def spoken(self, language: str) -> str:
        """Return the sentence in ``language`` ("en"), or in Chinese, the default."""
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One thing wrong with one field: a JSON pointer, a stable code and words; never the value."""

    pointer: str
    code: str
    words: Words


class Refusal(Exception):
    """The root of all named refusals.

    Keyword facts (codes, numbers, lists of legal steps: never personal data) are told to the
    caller beside the title.
    """

    slug = "refused"
    title = Words("请求被拒绝", "The request was refused")

    def __init__(self, **facts: object) -> None:
        super().__init__(self.slug)
        self.facts = facts


class Malformed(Refusal):
    """The request cannot be read at all: broken JSON, a missing or unreadable header.

    Correct the request and send it again.
    """

    slug = "malformed"
    title = Words("请求格式无法识别", "The request cannot be read")


class Invalid(Refusal):
    """The request can be read, but some of its fields are wrong.

    ``errors`` names each one by JSON pointer with a code and a sentence. Nothing was written.
    """

    slug = "invalid"
    title = Words("有字段填写不正确", "Some fields are not right")

    def __init__(self, faults: list[FieldFault]) -> None:
        super().__init__()
        self.faults = faults


class Unauthenticated(Refusal):
    """The operation needs a signed-in caller and there is none.

    Sign in, or refresh the access token, and send ``Authorization: Bearer …``.
    """

    slug = "sign-in-needed"
    title = Words("请先登录", "Sign in first")


class Forbidden(Refusal):
    """The caller is known, but their role or standing does not allow this deed."""

    slug = "not-allowed"
    title = Words("您没有办理此操作的权限", "You may not do this")


class NotFound(Refusal):
    """There is no such thing, or it is out of the caller's sight; the two look the same."""

    slug = "not-found"
    title = Words("没有找到", "Not found")


class Conflict(Refusal):
    """The request is sound, but it does not fit the present state of affairs."""

    slug = "conflict"
    title = Words("与当前状态冲突", "This conflicts with the present state")


class Stale(Refusal):
    """The row has changed since the caller read it (``If-Match`` names an older version).

    Requests tell both: ``seen`` is the version that was named, ``current`` that of now.
    Read it again, look at what changed, and decide anew.
    """

    slug = "stale-version"
    title = Words("数据已被他人更新", "The data has changed since you read it")


class VersionNeeded(Refusal):
    """The deed changes something others may be changing: say which version you saw.

    Send ``If-Match`` with the ``ETag`` of your last read.
    """

    slug = "version-needed"
    title = Words("请注明所依据的版本", "Say which version you have seen")


class TooMany(Refusal):
    """A limit was reached; ``Retry-After`` says in how many seconds to come back."""

    slug = "too-many"
    title = Words("操作过于频繁,请稍后再试", "Too many attempts; try again later")

    def __init__(self, retry_after: int, **facts: object) -> None:
        super().__init__(**facts)
        self.retry_after = retry_after


class Unavailable(Refusal):
    """The platform cannot answer just now (database busy or away). Try again, with the same key."""

    slug = "unavailable"
    title = Words("系统繁忙,请稍后再试", "The service is busy; try again shortly")

    def __init__(self, retry_after: int = 2, **facts: object) -> None:
        super().__init__(**facts)
        self.retry_after = retry_after


def every_refusal(root: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    """Yield every class of refusal that is imported, the root first."""
    yield root
    for child in root.__subclasses__():
        yield from every_refusal(child)
