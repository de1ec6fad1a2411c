"""Proposals of limits: what is proposed line by line, and each step with who, when and why."""

from datetime import datetime
from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.indexes import Index
from tortoise.models import Model

from backend.domains.passports.enums import ProposalState


class LimitProposal(Model):
    """Limits that somebody wants for points of one enterprise; `tank_id` where they are those of one tank.

    The id is made by the proposer's phone, so that sending twice proposes once. Only `state`, `verified_by_id` and
    `effective_from` ever change, and only forward.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    enterprise_id: UUID = fields.UUIDField()
    adcode = fields.CharField(max_length=6)
    tank_id: UUID | None = fields.UUIDField(null=True, db_index=True)
    state = fields.CharEnumField(ProposalState, max_length=12, default=ProposalState.PROPOSED)
    reason = fields.CharField(max_length=300)
    proposed_by_id: UUID = fields.UUIDField()
    proposed_by_name = fields.CharField(max_length=50)
    proposed_at: datetime = fields.DatetimeField()
    verified_by_id: UUID | None = fields.UUIDField(null=True)
    effective_from: datetime | None = fields.DatetimeField(null=True)
    body_hash = fields.CharField(max_length=64)

    class Meta:
        table = "limit_proposal"
        indexes = (
            Index(fields=("enterprise_id", "proposed_at")),
            Index(fields=("adcode", "state", "proposed_at")),
        )


class LimitProposalLine(Model):
    """The limits proposed for one point, in its unit. replaces: the newest version the proposer saw, 0 for none."""

    id: int = fields.BigIntField(primary_key=True)
    proposal_id: UUID = fields.UUIDField()
    point_id: int = fields.IntField(db_index=True)
    replaces: int = fields.IntField()
    limit_ll: float | None = fields.FloatField(null=True)
    limit_l: float | None = fields.FloatField(null=True)
    limit_h: float | None = fields.FloatField(null=True)
    limit_hh: float | None = fields.FloatField(null=True)
    deadband: float = fields.FloatField()
    on_delay_s: float = fields.FloatField()
    off_delay_s: float = fields.FloatField()

    class Meta:
        table = "limit_proposal_line"
        unique_together = (("proposal_id", "point_id"),)


class LimitProposalStep(Model):
    """A step of a proposal: to which state, by whom, when, why. A proposal comes to each state once.

    Of a verification also where it was signed (WGS 84, accuracy in metres), on what basis, the signature as the pad
    gives it, the photos, and the phone's own time; of an approval the time from which the limits hold.
    """

    id: int = fields.BigIntField(primary_key=True)
    proposal_id: UUID = fields.UUIDField()
    state = fields.CharEnumField(ProposalState, max_length=12)
    at: datetime = fields.DatetimeField()
    person_id: UUID = fields.UUIDField()
    person_name = fields.CharField(max_length=50)
    reason = fields.CharField(max_length=300, default="")
    basis = fields.CharField(max_length=300, default="")
    signature: str = fields.TextField(default="")
    signed_at: datetime | None = fields.DatetimeField(null=True)
    lon: float | None = fields.FloatField(null=True)
    lat: float | None = fields.FloatField(null=True)
    accuracy_m: float | None = fields.FloatField(null=True)
    photo_ids = ArrayField(element_type="uuid", default=list)
    effective_from: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "limit_proposal_step"
        unique_together = (("proposal_id", "state"),)
