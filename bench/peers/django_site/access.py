"""Who is asking, and whether they may."""

from django.db.models import Q
from django.utils import timezone
from rest_framework import authentication, exceptions, permissions

from bench.peers import duties
from bench.peers.django_site.models import SignInSession, StaffGrant

HOME = "account__resident__household__address__grid"


class TokenAuthentication(authentication.BaseAuthentication):
    """A bearer token, its session, and the grants that hold today."""

    def authenticate(self, request):
        try:
            account, session, _ = duties.read_token(request.headers.get("Authorization", ""))
        except ValueError as fault:
            raise exceptions.AuthenticationFailed from fault
        found = (
            SignInSession.objects.select_related(HOME)
            .filter(
                id=session,
                account_id=account,
                account__status="active",
                revoked_at=None,
                expires_at__gt=timezone.now(),
            )
            .first()
        )
        if found is None:
            raise exceptions.AuthenticationFailed
        request._request.account = account
        return found.account, _roles(account)

    def authenticate_header(self, _request):
        return "Bearer"


class Allowed(permissions.BasePermission):
    """One of the caller's roles stands at the operation."""

    def has_permission(self, request, view):
        operation = {"GET": "list_near", "POST": "file_request"}.get(request.method, "")
        return bool(duties.OPERATIONS.get(operation, set()) & set(request.auth or ()))


def _roles(account):
    today = duties.today()
    grants = StaffGrant.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=today), account_id=account, valid_from__lte=today
    )
    return {"resident", *grants.values_list("role", flat=True)}
