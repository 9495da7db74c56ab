"""The words of the rules: stages that have limits, what rungs count from, whom they tell."""

from enum import StrEnum


class Stage(StrEnum):
    """What a limit is for."""

    ACCEPT = "accept"  # staff say that it is not to be taken (不予受理)
    CONTEST = "contest"  # the filer objects to that
    REVIEW = "review"  # a second person decides (复核)
    CLAIM = "claim"  # somebody of the unit takes it
    SETTLE = "settle"
    REWORK = "rework"
    OBJECT = "object"  # the unit says that it is not its duty (退单)
    ADJUDICATE = "adjudicate"  # district staff decide that
    HELP = "help"  # a helping department answers (协办)
    VISIT = "visit"  # the return visit (回访)
    REOPEN = "reopen"  # the filer comes back


class Base(StrEnum):
    """What a rung of the ladder counts from."""

    DEADLINE = "deadline"
    CLAIM = "claim"
    BESIDE = "beside"  # the limit of a helper's answer, an objection, a return visit, a review


class Tells(StrEnum):
    """Whom a rung tells, each one besides those before."""

    HANDLER = "handler"
    UNIT = "unit"
    STAFF = "staff"
    DISTRICT = "district"
