"""Stops that are filed beforehand, and the ledger of gaps in the data."""

from datetime import datetime
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from backend.domains.outages.enums import GapChangeKind, GapClosing, GapKind, OutageCause, OutageScope, StopEnding
from backend.kit.ids import new_id


class OfflineFiling(Model):
    """A stop that an enterprise announced; the id is made on the phone, so that sending twice files once.

    ends_at moves with each prolongation; first_ends_at stays. filed_late: the stop had begun before we knew of it.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    enterprise_id: UUID = fields.UUIDField()
    adcode = fields.CharField(max_length=6)
    scope = fields.CharEnumField(OutageScope, max_length=12)
    gateway_id: int | None = fields.IntField(null=True)
    point_id: int | None = fields.IntField(null=True)
    cause = fields.CharEnumField(OutageCause, max_length=16)
    starts_at: datetime = fields.DatetimeField()
    ends_at: datetime = fields.DatetimeField()
    first_ends_at: datetime = fields.DatetimeField()
    reason = fields.CharField(max_length=300)
    filed_late = fields.BooleanField()
    body_hash = fields.CharField(max_length=64)
    filed_by_id: UUID = fields.UUIDField()
    filed_by_name = fields.CharField(max_length=50)
    filed_at: datetime = fields.DatetimeField()
    closed_at: datetime | None = fields.DatetimeField(null=True)
    ending = fields.CharEnumField(StopEnding, max_length=12, null=True)
    closed_by_id: UUID | None = fields.UUIDField(null=True)
    closed_by_name = fields.CharField(max_length=50, default="")
    closing_note = fields.CharField(max_length=300, default="")

    class Meta:
        table = "offline_filing"
        indexes = (Index(fields=("enterprise_id", "starts_at")), Index(fields=("adcode", "starts_at")))


class OfflineProlongation(Model):
    """One time that a filed stop was made longer: from which end to which, why, and whether that was late."""

    id: int = fields.BigIntField(primary_key=True)
    filing_id: UUID = fields.UUIDField(db_index=True)
    from_ends_at: datetime = fields.DatetimeField()
    to_ends_at: datetime = fields.DatetimeField()
    reason = fields.CharField(max_length=300)
    filed_late = fields.BooleanField()
    by_id: UUID = fields.UUIDField()
    by_name = fields.CharField(max_length=50)
    at: datetime = fields.DatetimeField()

    class Meta:
        table = "offline_prolongation"


class GapRule(Model):
    """Within how many hours a gap must be explained, from when on. Rows are added, never changed."""

    id: int = fields.IntField(primary_key=True)
    explain_within_h: int = fields.IntField()
    author_id: UUID | None = fields.UUIDField(null=True)
    author_name = fields.CharField(max_length=50)
    reason = fields.CharField(max_length=300)
    effective_from: datetime = fields.DatetimeField()

    class Meta:
        table = "gap_rule"
        indexes = (Index(fields=("effective_from",)),)


class DataGap(Model):
    """A stretch without data, as the enterprise has to account for it. Never deleted.

    began_at: the last frame before it. ended_at: when data flowed again; None = still running.
    lost_event_id, frame_gap_id: what it was found by, so that finding it twice opens one record.
    missing: sequence numbers that are still out; None where silence alone tells.
    filled_at: the missing data came later, also where it had been closed by a reason before.
    filing_id, filed_until: the stop that covers its beginning, and until when that stop holds.
    due_at: until when it must be explained.
    """

    id: UUID = fields.UUIDField(primary_key=True, default=new_id)
    gateway_id: int = fields.IntField()
    enterprise_id: UUID = fields.UUIDField()
    adcode = fields.CharField(max_length=6)
    kind = fields.CharEnumField(GapKind, max_length=16)
    began_at: datetime = fields.DatetimeField()
    ended_at: datetime | None = fields.DatetimeField(null=True)
    opened_at: datetime = fields.DatetimeField()
    lost_event_id: int | None = fields.BigIntField(null=True)
    frame_gap_id: int | None = fields.BigIntField(null=True)
    missing: int | None = fields.BigIntField(null=True)
    filing_id: UUID | None = fields.UUIDField(null=True)
    filed_until: datetime | None = fields.DatetimeField(null=True)
    cause = fields.CharEnumField(OutageCause, max_length=16, null=True)
    note = fields.CharField(max_length=300, default="")
    owner_id: UUID | None = fields.UUIDField(null=True)
    owner_name = fields.CharField(max_length=50, default="")
    due_at: datetime = fields.DatetimeField()
    rule_id: int | None = fields.IntField(null=True)
    explained_at: datetime | None = fields.DatetimeField(null=True)
    explained_by_id: UUID | None = fields.UUIDField(null=True)
    explained_by_name = fields.CharField(max_length=50, default="")
    filled_at: datetime | None = fields.DatetimeField(null=True)
    closed_at: datetime | None = fields.DatetimeField(null=True)
    closed_how = fields.CharEnumField(GapClosing, max_length=12, null=True)

    class Meta:
        table = "data_gap"
        indexes = (
            Index(fields=("enterprise_id", "began_at")),
            Index(fields=("adcode", "began_at")),
            Index(fields=("gateway_id", "began_at")),
        )


class GapChange(Model):
    """One time that a gap was handed over or its deadline moved: from what to what, why and by whom. Only added to."""

    id: int = fields.BigIntField(primary_key=True)
    gap_id: UUID = fields.UUIDField(db_index=True)
    kind = fields.CharEnumField(GapChangeKind, max_length=12)
    from_owner_name = fields.CharField(max_length=50, default="")
    to_owner_id: UUID | None = fields.UUIDField(null=True)
    to_owner_name = fields.CharField(max_length=50, default="")
    from_due_at: datetime | None = fields.DatetimeField(null=True)
    to_due_at: datetime | None = fields.DatetimeField(null=True)
    reason = fields.CharField(max_length=300)
    by_id: UUID = fields.UUIDField()
    by_name = fields.CharField(max_length=50)
    at: datetime = fields.DatetimeField()

    class Meta:
        table = "gap_change"
