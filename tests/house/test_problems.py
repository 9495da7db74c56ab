"""Every refusal has a name, words in two languages, a status and its place in docs/problems.md."""

import re

from flask import Flask

from app.errors import Refusal, every_refusal
from app.http.problems import status_of
from tests.print_docs import pages


def test_each_slug_is_one_class_and_well_formed(app: Flask) -> None:
    kinds = [kind for kind in every_refusal() if kind is not Refusal]
    slugs = [kind.slug for kind in kinds]
    assert len(slugs) == len(set(slugs)), "two refusals share a name"
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", slug) for slug in slugs)
    assert len(slugs) > 30


def test_each_says_in_both_languages_what_and_in_its_docstring_what_to_do(app: Flask) -> None:
    for kind in every_refusal():
        assert kind.title.zh, kind
        assert kind.title.en, kind
        assert kind.__doc__, kind
        assert kind is Refusal or 400 <= status_of(kind) < 600


def test_the_generated_pages_are_what_the_code_says(app: Flask) -> None:
    for path, content in pages(app).items():
        assert path.read_text("utf-8") == content, f"{path.name} lags: run make openapi"
