"""The parameter sets in the database: which one is in force, and how the published one gets there."""

from __future__ import annotations

import hashlib
from datetime import datetime

import msgspec

from backend.domains.risk.models import RiskParamSet
from backend.domains.risk.parameters import DEFAULT_VERSION, RM_1_0_0, Parameters, load_parameters


async def parameters_in_force(now: datetime) -> Parameters:
    """The newest set that is in force at `now`; a database without one gets the published set."""
    found = await RiskParamSet.filter(effective_from__lte=now).order_by("-effective_from", "-version").first()
    return load_parameters((found or await publish_default(now)).params)


async def parameters_of(version: str) -> Parameters:
    """The set a stored score names; it is there, because the score refers to it."""
    return load_parameters((await RiskParamSet.get(version=version)).params)


async def publish_default(now: datetime) -> RiskParamSet:
    """Put the published set into the database; harmless when it is there."""
    digest = hashlib.sha256(msgspec.json.encode(RM_1_0_0, order="sorted")).hexdigest()
    values = {
        "params": RM_1_0_0,
        "sha256": digest,
        "author_name": "Anlan",
        "reason": "the published default",
        "effective_from": now,
    }
    found, _ = await RiskParamSet.get_or_create(version=DEFAULT_VERSION, defaults=values)
    return found
