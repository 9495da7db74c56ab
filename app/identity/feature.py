"""Identity, as handed to the factory."""

from app.feature import Feature
from app.identity.codes.models import SignInChallenge
from app.identity.family.models import GuardianConsent, Guardianship, HouseholdShare, PastHome
from app.identity.family.policy import POLICY as FAMILY
from app.identity.family.routes import family
from app.identity.mandates.models import Mandate
from app.identity.mandates.policy import POLICY as MANDATES
from app.identity.mandates.routes import mandates
from app.identity.models import (
    Account,
    Address,
    AttemptCounter,
    Consent,
    Department,
    Enterprise,
    Household,
    Resident,
    StaffGrant,
)
from app.identity.real_name.models import InPersonProof, NetworkIdentity
from app.identity.real_name.policy import POLICY as REAL_NAME
from app.identity.real_name.routes import real_name
from app.identity.routes import POLICY, identity
from app.identity.sessions.models import SignInSession, SpentToken
from app.identity.sessions.routes import POLICY as SESSIONS
from app.identity.sessions.routes import sessions
from app.identity.sign_in.holder_routes import POLICY as WAYS
from app.identity.sign_in.holder_routes import ways
from app.identity.sign_in.models import (
    AccountPassword,
    ProviderArrival,
    ProviderLink,
    ProviderVisit,
)
from app.identity.sign_in.provider_routes import POLICY as PROVIDERS
from app.identity.sign_in.provider_routes import providers
from app.identity.sign_in.routes import POLICY as SIGN_IN
from app.identity.sign_in.routes import sign_in
from app.identity.staff.models import AddedGrant
from app.identity.staff.policy import POLICY as STAFF
from app.identity.staff.routes import staff
from app.identity.step_up.models import Authenticator, ProofCode, RecoveryCode
from app.identity.step_up.routes import POLICY as STEP_UP
from app.identity.step_up.routes import step_up
from app.identity.sweeps import AGES, MOVED_ADDRESSES
from app.identity.sync import STREAMS

MODELS = (
    Department,
    Address,
    Enterprise,
    Household,
    Resident,
    Account,
    Consent,
    StaffGrant,
    SignInChallenge,
    SignInSession,
    SpentToken,
    AttemptCounter,
    AccountPassword,
    ProviderLink,
    ProviderVisit,
    ProviderArrival,
    InPersonProof,
    NetworkIdentity,
    Mandate,
    Authenticator,
    RecoveryCode,
    ProofCode,
    AddedGrant,
    Guardianship,
    GuardianConsent,
    HouseholdShare,
    PastHome,
)

FEATURE = Feature(
    "identity",
    MODELS,
    blueprints=(
        sign_in,
        ways,
        providers,
        sessions,
        identity,
        real_name,
        mandates,
        step_up,
        staff,
        family,
    ),
    policy={
        **SIGN_IN,
        **WAYS,
        **PROVIDERS,
        **SESSIONS,
        **POLICY,
        **REAL_NAME,
        **MANDATES,
        **STEP_UP,
        **STAFF,
        **FAMILY,
    },
    streams=STREAMS,
    sweeps=(MOVED_ADDRESSES, AGES),
)
