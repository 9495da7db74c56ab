"""Identity, as handed to the factory."""

from app.feature import Feature
from app.identity.models import (
    Account,
    Address,
    AttemptCounter,
    Consent,
    Department,
    Household,
    Resident,
    SignInChallenge,
    SignInSession,
    SmsMessage,
    SpentToken,
    StaffGrant,
)
from app.identity.routes import POLICY, identity
from app.identity.sweeps import MOVED_ADDRESSES
from app.identity.sync import STREAMS

MODELS = (
    Department,
    Address,
    Household,
    Resident,
    Account,
    Consent,
    StaffGrant,
    SignInChallenge,
    SignInSession,
    SmsMessage,
    SpentToken,
    AttemptCounter,
)

FEATURE = Feature(
    "identity",
    MODELS,
    blueprints=(identity,),
    policy=POLICY,
    streams=STREAMS,
    sweeps=(MOVED_ADDRESSES,),
)
