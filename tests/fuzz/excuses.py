"""What good data may be refused for: the description of an operation cannot say these rules.

Each is said for the operation and the field, so that no other operation may hide behind it.
"""

PHONE = "/phone"  # a mainland mobile number, as people write it
NAMED = {"/name", "/id_number"}  # as the register spells names; GB 11643 with its check digit
PLACED = {"/near"}  # wanted unless there is a box
PERIOD = {"/valid_from", "/valid_to"}  # from today on; after it, and not too far
FILED = {
    "/complaint_about/department",  # wanted unless a request or a member of staff is named
    "/id",  # an id drawn not long ago
    "/place",  # wanted unless it is at home or at an address
}
NOTICE = {
    "/title_en",  # wanted with its body, and the other way round
    "/body_en_md",
    "/publish_at",  # a moment from 2000 to 2100, and so are the next two
    "/expires_at",
    "/ack_by",
    "/audience/areas",  # wanted unless another place is named
    "/audience/people",  # wanted unless matters are named; has ``all`` where somebody is named
}

JUDGED_BY_RULES: dict[str, set[str]] = {
    "audits.list_entries": {"/subject_id"},  # wanted with its kind
    "corrections.ask_correction": {"/stream", "/field", "/wanted"},  # what such a record may hold
    "corrections.ask_own_correction": {"/field", "/wanted"},
    "family.ask_guardianship": NAMED,
    "family.confirm_at_desk": {"/id_number"},
    "family.show_home": {"/on"},  # a day from 2000 to 2100
    "identity.share_phone": {PHONE},
    "mandates.propose_mandate": NAMED | PERIOD,
    "mandates.sign_at_desk": {"/id_number"},
    "notices.correct_notice": NOTICE,
    "notices.draft_notice": NOTICE,
    "notices.edit_notice": NOTICE,
    "points.list_points": PLACED,
    "preferences.say_preferences": {"/quiet/end"},  # not the hour at which it starts
    "real_name.confirm_proof": {"/number", "/born"},  # by the kind of document
    "real_name.propose_proof": {"/number", "/born", "/name", PHONE},
    "real_name.verify_me": NAMED | {PHONE},
    "requests.file_at_desk": FILED,
    "requests.file_from_hotline": FILED,
    "requests.file_request": FILED,
    "requests.list_around": PLACED,
    "requests.list_near": PLACED,
    "requests.list_similar": PLACED,
    "requests.object_to_request": {"/clause"},  # wanted where it is another's duty
    "requests.settle_request": {"/clause", "/planned_for"},  # a day from 2000 to 2100
    "rights.give_consent": {PHONE},
    "rights.reveal_field": {"/field"},  # one that the kind of row has
    "sign_in.ask_for_code": {PHONE},
    "sign_in.begin_session_by_password": {PHONE, "/password"},
    "staff.ask_cover": PERIOD,
    "staff.ask_grant": PERIOD | {"/area_code", "/department_code"},  # by where the role counts
    "step_up.send_proof_code": {PHONE},
    "ways.ask_for_own_code": {PHONE},
    "ways.set_password": {"/password"},  # 8 to 256 bytes, and none that everybody tries
}
BY_OUTLINE = {name for name, pointers in JUDGED_BY_RULES.items() if pointers is NOTICE}
"""Operations with an outline to draw: a ring may be open, cross itself or lie abroad."""
OUTLINE = "/audience/polygon"

BEYOND_THE_DESCRIPTION = {
    "urn:linli:problem:cursor-refused",  # a cursor is signed: one that is made up is refused
    "urn:linli:problem:idempotency-key-reused",  # the documented examples share one key
    "urn:linli:problem:box-refused",  # west lies west of east, south lies south of north
    "urn:linli:problem:image-refused",  # a picture has more to it than its first bytes
    "urn:linli:problem:file-type-refused",  # what bytes are, they show themselves
    "urn:linli:problem:stale-version",  # If-Match may name a version that is over
}
"""Problems that every operation may refuse good data with, whatever its fields."""


def is_excused(operation: str, problem: dict[str, object], pointers: set[str]) -> bool:
    """Tell whether an operation may refuse good data with this problem, for these fields."""
    judged = JUDGED_BY_RULES.get(operation, set())
    by_rules = all(
        each in judged or (operation in BY_OUTLINE and each.startswith(OUTLINE))
        for each in pointers
    )
    return bool(pointers and by_rules) or problem["type"] in BEYOND_THE_DESCRIPTION
