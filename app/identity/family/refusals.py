"""What can go wrong between guardians and wards, and within a household."""

from app.errors import Conflict, Forbidden, Words


class NotAMinor(Conflict):
    """The person is of age: nobody is their guardian by this; ask for a mandate instead."""

    slug = "not-a-minor"
    title = Words("该人员已成年,请使用委托代办", "This person is of age; ask for a mandate")


class GuardianshipOpen(Conflict):
    """The caller is this child's guardian already, or has asked to be."""

    slug = "guardianship-open"
    title = Words("监护关系已存在或待确认", "The guardianship stands or waits for a desk")


class TwoClerksNeeded(Forbidden):
    """Two members of staff confirm a guardian at a desk, and neither is a party to it."""

    slug = "two-clerks-needed"
    title = Words("须由两名与此无关的工作人员确认", "Two members of staff must confirm this")


class NoHousehold(Conflict):
    """The register has no household of the caller, or the caller is not matched to it."""

    slug = "no-household"
    title = Words("登记中没有您的家庭户", "The register has no household of yours")
