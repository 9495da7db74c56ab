"""Whose photos there are, and how many each side may have. Pure."""

from enum import StrEnum
from typing import Any
from uuid import UUID


class Side(StrEnum):
    """From where a photo comes."""

    FILER = "filer"
    STAFF = "staff"
    NEIGHBOUR = "neighbour"  # who disputes a settlement; taken with the dispute


def side_of(row: Any, account_id: UUID) -> Side:
    """Return the side of somebody who may add photos to a request."""
    return Side.FILER if account_id in (row.account_id, row.filed_by) else Side.STAFF
