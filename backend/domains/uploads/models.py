"""Batches that gateways sent over HTTP."""

from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.models import Model

from backend.kit.json import dump_json, load_json


class Upload(Model):
    """A batch of frames and what became of it; the payload goes when it is done, the row a day later."""

    id: int = fields.BigIntField(primary_key=True)
    gateway_id: int = fields.IntField(db_index=True)
    received_at: datetime = fields.DatetimeField()
    payload: bytes | None = fields.BinaryField(null=True)
    done_at: datetime | None = fields.DatetimeField(null=True)
    stored: int = fields.IntField(default=0)
    known: int = fields.IntField(default=0)
    refused: list[Any] = fields.JSONField(encoder=dump_json, decoder=load_json, default=list)

    class Meta:
        table = "upload"
