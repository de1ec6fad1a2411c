"""Scores, their inputs and the parameters they were made with. Scores are added, never changed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from backend.kit.ids import new_id
from backend.kit.json import dump_json, load_json


class RiskParamSet(Model):
    """A version of the models' parameters; changing one number means a new version."""

    version = fields.CharField(max_length=32, primary_key=True)
    params: dict[str, Any] = fields.JSONField(encoder=dump_json, decoder=load_json)
    sha256 = fields.CharField(max_length=64)
    author_name = fields.CharField(max_length=50)
    reason = fields.CharField(max_length=300, default="")
    effective_from: datetime = fields.DatetimeField()

    class Meta:
        table = "risk_param_set"


class RiskScore(Model):
    """One stored score with its whole explanation and the input that reproduces it."""

    id: UUID = fields.UUIDField(primary_key=True, default=new_id)
    model = fields.CharField(max_length=16)
    object_id: UUID = fields.UUIDField()
    enterprise_id: UUID = fields.UUIDField(db_index=True)
    as_of: datetime = fields.DatetimeField()
    score: float = fields.FloatField()
    level_raw: int = fields.SmallIntField()
    level: int = fields.SmallIntField()
    parts: dict[str, Any] = fields.JSONField(encoder=dump_json, decoder=load_json)
    objects: dict[str, Any] = fields.JSONField(encoder=dump_json, decoder=load_json)
    tree: dict[str, Any] = fields.JSONField(encoder=dump_json, decoder=load_json)
    input: dict[str, Any] = fields.JSONField(encoder=dump_json, decoder=load_json)
    param_version = fields.CharField(max_length=32)
    code_version = fields.CharField(max_length=32)
    input_hash = fields.CharField(max_length=64)

    class Meta:
        table = "risk_score"
        indexes = (Index(fields=("object_id", "as_of")),)


class RiskState(Model):
    """Where an object stands now: its level with hysteresis, and the newest stored score.

    object_id: the major hazard; since_min and pend as in the level state machine of the model.
    score, parts, why and input are those of `as_of`; they are renewed when the figure shown changes, or while
    something is held because it cannot be seen. `checked_at` is when it was last looked at.
    """

    object_id: UUID = fields.UUIDField(primary_key=True)
    model = fields.CharField(max_length=16)
    enterprise_id: UUID = fields.UUIDField(db_index=True)
    adcode = fields.CharField(max_length=6, db_index=True)
    level: int = fields.SmallIntField(db_index=True)
    since: datetime | None = fields.DatetimeField(null=True)
    pend: int | None = fields.SmallIntField(null=True)
    level_changed_at: datetime = fields.DatetimeField()
    dark_since: datetime | None = fields.DatetimeField(null=True)
    score: float = fields.FloatField()
    parts: dict[str, Any] = fields.JSONField(encoder=dump_json, decoder=load_json)
    why: list[Any] = fields.JSONField(encoder=dump_json, decoder=load_json, default=list)
    input: dict[str, Any] = fields.JSONField(encoder=dump_json, decoder=load_json, default=dict)
    as_of: datetime = fields.DatetimeField()
    checked_at: datetime = fields.DatetimeField()
    score_id: UUID | None = fields.UUIDField(null=True)

    class Meta:
        table = "risk_state"
