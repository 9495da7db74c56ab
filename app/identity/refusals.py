"""What somebody may not do yet, known as they are."""

from app.errors import Forbidden, Words


class GuardianNeeded(Forbidden):
    """A child under 14 cannot consent alone (PIPL art. 31); a guardian must consent first.

    The guardian does so at ``/guardianships``, or at a desk.
    """

    slug = "guardian-needed"
    title = Words("未满十四周岁,须由监护人办理", "A guardian must act for a child under 14")


class LevelNeeded(Forbidden):
    """The matter asks for a higher real-name level than the account has: ``needed`` says which."""

    slug = "level-needed"
    title = Words("该事项需要更高的实名等级", "This matter needs a higher real-name level")


class AdultsOnly(Forbidden):
    """Only an adult may do this; a guardian represents a minor (民法典 18-20, 23)."""

    slug = "adults-only"
    title = Words("须由成年人办理", "Only an adult may do this")
