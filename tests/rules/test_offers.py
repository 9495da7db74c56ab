"""When a reading will have held everything, so that who is missing from it is gone."""

import pytest

from app.sync.connectors.protocol import Cursor, Offer

START: Cursor = {}
FURTHER: Cursor = {"row": 7}


@pytest.mark.parametrize(
    ("offer", "at", "whole"),
    [
        (Offer("households", complete=True, digest="of a file"), START, True),
        (Offer("households", complete=True, digest="of a file"), FURTHER, True),
        (Offer("households", complete=True), START, True),
        (Offer("households", complete=True), FURTHER, False),
        (Offer("households", digest="of a file"), START, False),
        (Offer("households"), START, False),
    ],
    ids=[
        "a whole file",
        "a whole file, taken up again",
        "a whole table",
        "the changes of a whole table",
        "a file of changes",
        "a feed",
    ],
)
def test_a_reading_is_whole_by_what_is_on_offer_and_where_it_goes_on(
    offer: Offer, at: Cursor, whole: bool
) -> None:
    assert offer.whole_from(at) is whole
