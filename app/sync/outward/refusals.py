"""What can go wrong when somebody decides about an outcome."""

from app.errors import Conflict, Words


class OutcomeNotParked(Conflict):
    """Only what is parked can be given up; ``state`` says how it stands: waiting or sent."""

    slug = "outcome-not-parked"
    title = Words("该结果未被搁置，不能放弃", "The outcome is not parked")
