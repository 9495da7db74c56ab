"""The product's tables, unmanaged."""

from django.db import models

from bench.peers import statements


class Area(models.Model):
    code = models.TextField(primary_key=True)

    class Meta:
        managed = False
        db_table = "area"


class Address(models.Model):
    sid = models.TextField(primary_key=True)
    grid = models.ForeignKey(Area, models.DO_NOTHING, db_column="grid_code", null=True)

    class Meta:
        managed = False
        db_table = "address"


class Household(models.Model):
    id = models.UUIDField(primary_key=True)
    sid = models.TextField(unique=True)
    address = models.ForeignKey(Address, models.DO_NOTHING, db_column="address_sid", null=True)

    class Meta:
        managed = False
        db_table = "household"


class Resident(models.Model):
    id = models.UUIDField(primary_key=True)
    household = models.ForeignKey(
        Household, models.DO_NOTHING, to_field="sid", db_column="household_sid", null=True
    )

    class Meta:
        managed = False
        db_table = "resident"


class Account(models.Model):
    id = models.UUIDField(primary_key=True)
    resident = models.ForeignKey(Resident, models.DO_NOTHING, null=True)
    level = models.SmallIntegerField()
    status = models.TextField()
    is_authenticated = True

    class Meta:
        managed = False
        db_table = "account"


class SignInSession(models.Model):
    id = models.UUIDField(primary_key=True)
    account = models.ForeignKey(Account, models.DO_NOTHING)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "sign_in_session"


class StaffGrant(models.Model):
    pk = models.CompositePrimaryKey("staff_sid", "role")
    staff_sid = models.TextField()
    role = models.TextField()
    account = models.ForeignKey(Account, models.DO_NOTHING)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        managed = False
        db_table = "staff_grant"


class Matter(models.Model):
    code = models.TextField(primary_key=True)
    department_code = models.TextField()
    handled_by = models.TextField()
    limit_count = models.IntegerField()
    limit_unit = models.TextField()
    level_required = models.SmallIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        managed = False
        db_table = "matter"


class NearManager(models.Manager):
    def near(self, here: str, reach: float, limit: int):
        """Return open requests with their ``chord``, nearest first: no ORM speaks cube."""
        return self.raw(statements.NEAR, {"here": here, "reach": reach, "limit": limit})


class ServiceRequest(models.Model):
    id = models.UUIDField(primary_key=True)
    number = models.TextField()
    matter_code = models.TextField()
    account = models.ForeignKey(Account, models.DO_NOTHING)
    resident_id = models.UUIDField(null=True)
    channel = models.TextField()
    words_sealed = models.BinaryField()
    state = models.TextField()
    version = models.IntegerField()
    lng = models.FloatField()
    lat = models.FloatField()
    raw_lng = models.FloatField()
    raw_lat = models.FloatField()
    raw_crs = models.TextField()
    grid_code = models.TextField()
    near_edge = models.BooleanField()
    handled_by = models.TextField()
    department_code = models.TextField()
    filed_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    deadline_provisional = models.BooleanField()
    calendar_version = models.TextField()
    settled_at = models.DateTimeField(null=True)
    result = models.TextField(null=True)
    objects = NearManager()

    class Meta:
        managed = False
        db_table = "service_request"


class RequestEvent(models.Model):
    id = models.BigAutoField(primary_key=True)
    request_id = models.UUIDField()
    at = models.DateTimeField()
    step = models.TextField()
    account_id = models.UUIDField(null=True)
    note_sealed = models.BinaryField(null=True)
    facts = models.JSONField()

    class Meta:
        managed = False
        db_table = "request_event"


class AuditEntry(models.Model):
    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    account_id = models.UUIDField(null=True)
    deed = models.TextField()
    subject_kind = models.TextField()
    subject_id = models.TextField()
    request_id = models.TextField(null=True)
    facts = models.JSONField()

    class Meta:
        managed = False
        db_table = "audit_entry"


class IdempotencyKey(models.Model):
    pk = models.CompositePrimaryKey("account_id", "operation", "key")
    account_id = models.UUIDField()
    operation = models.TextField()
    key = models.TextField()
    fingerprint = models.TextField()
    made_at = models.DateTimeField()
    status = models.SmallIntegerField(null=True)
    etag = models.TextField(null=True)
    location = models.TextField(null=True)
    answer_sealed = models.BinaryField(null=True)

    class Meta:
        managed = False
        db_table = "idempotency_key"
