"""Work reports: special operations as announced in advance, with place and hours."""

from datetime import date, datetime
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from backend.domains.permits.enums import ReportState, WorkGrade, WorkKind


class WorkReport(Model):
    """One planned special operation; the id is made on the phone, so that sending twice files once.

    planned_on: the plant day on which it begins; numbers such as DH-1124-003 count within it.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    enterprise_id: UUID = fields.UUIDField()
    adcode = fields.CharField(max_length=6)
    number = fields.CharField(max_length=24)
    kind = fields.CharEnumField(WorkKind, max_length=20)
    grade = fields.CharEnumField(WorkGrade, max_length=8, default=WorkGrade.NONE)
    place = fields.CharField(max_length=120)
    area = fields.CharField(max_length=60, default="")
    content = fields.CharField(max_length=500, default="")
    planned_on: date = fields.DateField()
    planned_from: datetime = fields.DatetimeField()
    planned_to: datetime = fields.DatetimeField()
    people: int = fields.SmallIntField()
    contractor = fields.CharField(max_length=120, null=True)
    responsible = fields.CharField(max_length=50)
    phone = fields.CharField(max_length=32, default="")
    state = fields.CharEnumField(ReportState, max_length=12, default=ReportState.PLANNED)
    cancelled_at: datetime | None = fields.DatetimeField(null=True)
    cancelled_by_id: UUID | None = fields.UUIDField(null=True)
    cancelled_by_name = fields.CharField(max_length=50, default="")
    cancel_reason = fields.CharField(max_length=300, default="")
    body_hash = fields.CharField(max_length=64)
    filed_by_id: UUID = fields.UUIDField()
    filed_by_name = fields.CharField(max_length=50)
    filed_at: datetime = fields.DatetimeField()

    class Meta:
        table = "work_report"
        unique_together = (("enterprise_id", "planned_on", "number"),)
        indexes = (
            Index(fields=("enterprise_id", "planned_from")),
            Index(fields=("adcode", "planned_from")),
        )
