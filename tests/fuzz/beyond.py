"""Operations that noise does not bring to success, and where each is shown to work.

They want what only another has at hand: a code sent to a phone, a proof that staff gave in the
last five minutes, a second person, a state that several people must have brought about. They are
sent noise like all others, and may no more fail than those.
"""

_SHOWN = {
    "tests/identity/test_acting.py": (
        "mandates.confirm_by_code",
        "mandates.confirm_mandate",
        "mandates.propose_mandate",
        "mandates.revoke_mandate",
    ),
    "tests/identity/test_family.py": (
        "family.ask_guardianship",
        "family.confirm_at_desk",
        "family.refuse_at_desk",
    ),
    "tests/identity/test_providers.py": (
        "providers.begin_session_by_provider",
        "providers.link_provider",
        "providers.unlink_provider",
        "providers.visit_provider",
    ),
    "tests/identity/test_desk.py": (
        "real_name.confirm_proof",
        "real_name.decline_proof",
        "real_name.list_proofs",
        "real_name.propose_proof",
        "real_name.show_proof",
    ),
    "tests/identity/test_vouchers.py": ("real_name.prove_by_voucher",),
    "tests/identity/test_dormant.py": ("real_name.start_afresh",),
    "tests/identity/test_passwords.py": (
        "sign_in.begin_session_by_password",
        "ways.move_to_phone",
        "ways.remove_password",
        "ways.set_password",
    ),
    "tests/identity/test_sessions.py": ("sessions.end_other_session",),
    "tests/identity/test_staff.py": (
        "staff.ask_cover",
        "staff.ask_grant",
        "staff.disable_account",
        "staff.enable_account",
        "staff.revoke_grant",
    ),
    "tests/identity/test_step_up.py": (
        "staff.remove_authenticator",
        "step_up.confirm_authenticator",
        "step_up.prove",
    ),
    "tests/api/notices/test_desk.py": ("notices.correct_notice",),
    "tests/delivery/test_webhooks.py": ("webhooks.rotate_secret",),
    "tests/api/notices/test_attachments.py": (
        "attachments.attach_file",
        "attachments.detach_file",
        "feeds.read_attachment",
    ),
    "tests/api/notices/test_duties.py": ("duties.record_visit",),
    "tests/feeds/test_cap.py": ("feeds.read_alert",),
    "tests/files/test_uploads.py": ("files.read_file",),
    "tests/api/cases/test_dispatch.py": (
        "requests.adjudicate_objection",
        "requests.designate_unit",
        "requests.dispatch_elsewhere",
        "requests.object_to_request",
    ),
    "tests/api/cases/test_declining.py": (
        "requests.contest_declining",
        "requests.decline_request",
        "requests.review_declining",
    ),
    "tests/api/cases/test_together.py": (
        "requests.answer_task",
        "requests.cancel_task",
    ),
    "tests/api/cases/test_clock.py": (
        "requests.ask_extension",
        "requests.decide_extension",
    ),
    "tests/api/cases/test_rating.py": (
        "requests.dispute_settlement",
        "requests.visit_request",
    ),
    "tests/api/cases/test_merging.py": ("requests.unmerge_request",),
    "tests/near/test_photos.py": ("requests.remove_photo",),
    "tests/rights/test_reveals.py": ("rights.reveal_field",),
    "tests/rights/test_exports.py": ("rights.take_export",),
    "tests/rights/test_consents.py": ("rights.withdraw_consent",),
    "tests/identity/test_mandates.py": (
        "mandates.finish_mandate",
        "mandates.sign_at_desk",
    ),
}

BEYOND: dict[str, str] = {name: shown for shown, names in _SHOWN.items() for name in names}
"""Each such operation, and the module of tests in which it succeeds."""
