"""Whose photos there are, and how many each side may have. Pure."""

from enum import StrEnum
from typing import Any
from uuid import UUID


class Side(StrEnum):
    """From where a photo comes."""

    FILER = "filer"
    STAFF = "staff"
    NEIGHBOUR = "neighbour"  # who disputes a settlement; taken with the dispute


MOST = {Side.FILER: 9, Side.STAFF: 18}
"""How many photos a side may have of one request: what a timeline of a phone shows, and twice
that for before and after."""


def side_of(row: Any, account_id: UUID) -> Side:
    """Return the side of somebody who may add photos to a request."""
    return Side.FILER if account_id in (row.account_id, row.filed_by) else Side.STAFF
