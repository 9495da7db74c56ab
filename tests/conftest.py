"""One database a worker process, cloned from a template that the real migrations built."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask

import wsgi
from app import clock
from app.areas.service import divisions_over, grid_index, grid_paths, working_calendar
from app.database import db, transaction, write
from app.factory import assemble
from app.identity import limits
from app.privacy import forget_subject_keys
from app.settings import Settings, from_environment
from community.catalogue.service import matters_of_today
from community.requests.near.counting import counts
from community.rules.registers import forget_all
from notices.inbox.marks import newest
from tests import surroundings
from tests.people import Caller, Person, bearer

# Children before parents is not needed: the tables hold no foreign keys across rooms.
A_DAY_S = 86_400  # seconds: the longest window is a day, and the others are parts of it

CLEANED = """
DELETE FROM service_request; DELETE FROM request_change; DELETE FROM request_cell;
DELETE FROM request_cell_change; DELETE FROM request_event; DELETE FROM rating;
DELETE FROM notice; DELETE FROM notice_target; DELETE FROM notice_target_past;
DELETE FROM notice_receipt; DELETE FROM notice_mark; DELETE FROM notice_change;
DELETE FROM notice_version; DELETE FROM inbox_state; DELETE FROM notice_audience;
DELETE FROM notice_reach; DELETE FROM notice_rung; DELETE FROM notice_visit;
DELETE FROM request_follow; DELETE FROM request_objection; DELETE FROM request_extension;
DELETE FROM request_decline; DELETE FROM request_task; DELETE FROM request_visit;
DELETE FROM request_rung;
DELETE FROM delivery_campaign; DELETE FROM delivery_chunk; DELETE FROM delivery_retry;
DELETE FROM notice_preference;
DELETE FROM push_subscription; DELETE FROM webhook_endpoint; DELETE FROM text_ledger;
DELETE FROM cap_alert; DELETE FROM live_ticket; DELETE FROM wechat_link; DELETE FROM wechat_token;
DELETE FROM idempotency_key; DELETE FROM outbox;
SET LOCAL session_replication_role = replica; DELETE FROM audit_entry;
DELETE FROM audit_head; DELETE FROM subject_key; DELETE FROM erasure; DELETE FROM reveal;
DELETE FROM holdings_export; DELETE FROM consent;
UPDATE audit_chain SET base_seq = 0, base_hash = decode(repeat('00', 32), 'hex'), seq = 0,
  hash = decode(repeat('00', 32), 'hex'), mac = NULL;
SET LOCAL session_replication_role = origin;
DELETE FROM correction; DELETE FROM mandate;
DELETE FROM file_use; DELETE FROM stored_file; DELETE FROM stored_blob;
DELETE FROM account_password; DELETE FROM provider_link; DELETE FROM provider_visit;
DELETE FROM provider_arrival; DELETE FROM in_person_proof; DELETE FROM network_identity;
DELETE FROM added_grant; DELETE FROM authenticator; DELETE FROM recovery_code;
DELETE FROM proof_code; DELETE FROM guardianship; DELETE FROM guardian_consent;
DELETE FROM household_share; DELETE FROM past_home;
DELETE FROM sign_in_challenge; DELETE FROM sign_in_session; DELETE FROM sms_message;
DELETE FROM consent; DELETE FROM attempt_counter;
DELETE FROM sync_quarantine; DELETE FROM sync_drift;
DELETE FROM sync_hold; DELETE FROM sync_held_key; DELETE FROM sync_suppressed;
DELETE FROM sync_seen; DELETE FROM sync_look; DELETE FROM sync_report; DELETE FROM sync_source;
DELETE FROM sync_checkpoint WHERE source <> 'district';
DELETE FROM sync_run WHERE source <> 'district';
DELETE FROM sync_batch WHERE source <> 'district';
DELETE FROM sync_bucket WHERE source <> 'district';
DELETE FROM sync_tally WHERE source <> 'district';
DELETE FROM account a WHERE NOT EXISTS (SELECT FROM staff_grant g WHERE g.account_id = a.id)
  AND NOT EXISTS (SELECT FROM enterprise e WHERE e.contact_account_id = a.id);
UPDATE account SET level = 1, resident_id = NULL, status = 'active', suspended_at = NULL,
  seen_at = now()
WHERE level <> 1 OR status <> 'active' OR suspended_at IS NOT NULL
  OR seen_at < now() - interval '1 hour'
"""


def pytest_configure(config: pytest.Config) -> None:
    """Give the run a folder; its processes find it in the environment."""
    if not hasattr(config, "workerinput"):
        os.environ[surroundings.RUN] = tempfile.mkdtemp(prefix="linli test ")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    if not hasattr(config, "workerinput"):
        surroundings.tear_down()
        shutil.rmtree(surroundings.run_folder(), ignore_errors=True)


@pytest.fixture(autouse=True)
def a_window_of_its_own() -> Iterator[None]:
    """Let the windows in which tries are counted begin with each test: none ends within it."""
    ahead = timedelta(seconds=A_DAY_S - clock.now().timestamp() % A_DAY_S)
    with pytest.MonkeyPatch.context() as patch:  # of its own: a test's is undone before fixtures
        patch.setattr(limits, "clock", SimpleNamespace(now=lambda: clock.now() + ahead))
        yield


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Return the settings of this process's own installation."""
    url = surroundings.clone(os.environ.get("PYTEST_XDIST_WORKER", "alone"))
    folder = tmp_path_factory.mktemp("installation")
    yield from_environment(surroundings.environment(url, folder))
    surroundings.drop_database(url)


@pytest.fixture(scope="session")
def whole_app(settings: Settings) -> Flask:
    """Return the whole product on this process's database."""
    return assemble(settings, wsgi.FEATURES)


@pytest.fixture
def app(whole_app: Flask) -> Iterator[Flask]:
    """Return the product in its context, the district loaded and nothing done yet."""
    with whole_app.app_context():
        with transaction():
            for statement in CLEANED.split(";"):
                write(statement, {})
        forget_subject_keys()
        grid_index.forget()
        divisions_over.forget()
        newest.forget()
        working_calendar.forget()
        matters_of_today.forget()
        counts.forget()
        grid_paths.forget()
        forget_all()
        yield whole_app
        db.session.remove()


@pytest.fixture
def sign_in(app: Flask) -> Callable[[Person], Caller]:
    """Return the way to call as a person of the sample."""
    return lambda person: Caller(app, bearer(person))


@pytest.fixture
def nobody(app: Flask) -> Caller:
    """Return somebody who is not signed in."""
    return Caller(app)


@pytest.fixture
def exchange_out(settings: Settings) -> Path:
    """Return the empty folder in which the district finds its outcomes."""
    shutil.rmtree(settings.exchange_out, ignore_errors=True)
    return settings.exchange_out
