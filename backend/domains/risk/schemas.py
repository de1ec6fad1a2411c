"""Scores on the wire. Figures are rounded to one decimal in such a way that contributions still add up."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

Level = Annotated[int, Meta(ge=0, le=3, description="0 blue, 1 yellow, 2 orange, 3 red", examples=[2])]
Points = Annotated[float, Meta(ge=0, le=100, examples=[46.2])]


class Cause(Struct, rename="camel"):
    """One contribution to a score; `kind` names its icon and translation, `object` the tank or point."""

    kind: Annotated[str, Meta(examples=["pos"])]
    object: Annotated[str, Meta(examples=["PT-205"])]
    label: Annotated[str, Meta(examples=["超限程度"])]
    label_en: Annotated[str, Meta(examples=["Past the limit"])]
    evidence: Annotated[str, Meta(examples=["压力 0.02 MPa，低于低低限 0.05 MPa"])]
    evidence_en: Annotated[str, Meta(examples=["pressure 0.02 MPa, below the low-low limit 0.05 MPa"])]
    points: Points
    sentence: Annotated[str, Meta(examples=["PT-205 超限程度 压力 0.02 MPa，低于低低限 0.05 MPa，贡献 46.2 分"])]
    sentence_en: str


class Bar(Cause):
    """A contribution in the waterfall: it starts where the one before ended, and the last ends at the score."""

    start: Points


class Branch(Struct, rename="camel"):
    """A node of the explanation; the points of its children add up to its own."""

    id: str
    kind: str
    object: str
    label: str
    label_en: str
    evidence: str
    evidence_en: str
    points: Points
    children: list[Branch]


class HazardRisk(Struct, rename="camel"):
    """How a major hazard stands. Score and level are null before its first scoring.

    `is_stale`: nobody has looked for minutes, so a quiet score proves nothing.
    """

    hazard_id: UUID
    hazard_code: str
    hazard_name: Annotated[str, Meta(examples=["芳烃罐区"])]
    grade: Annotated[int, Meta(ge=1, le=4, description="1 is the gravest")]
    enterprise_id: UUID
    model: Annotated[str, Meta(examples=["tank_farm"])]
    score: Points | None
    level: Level | None
    level_changed_at: datetime | None
    why: list[Cause]
    as_of: datetime | None
    checked_at: datetime | None
    is_stale: bool
    score_id: UUID | None


class EnterpriseRisk(Struct, rename="camel"):
    """An enterprise and its worst hazard."""

    enterprise_id: UUID
    code: str
    name: Annotated[str, Meta(examples=["淄博澜屿化工有限公司"])]
    short_name: str
    adcode: str
    region_name: str
    region_name_en: str
    hazard_count: int
    gravest_grade: Annotated[int, Meta(ge=1, le=4, description="1 is the gravest")] | None
    hazard_id: UUID | None
    hazard_name: str | None
    score: Points | None
    level: Level | None
    level_changed_at: datetime | None
    why: list[Cause]
    as_of: datetime | None
    is_stale: bool


class EnterpriseMark(Struct, rename="camel"):
    """An enterprise on a map; a stale level says nothing about now."""

    enterprise_id: UUID
    short_name: Annotated[str, Meta(examples=["澜屿化工"])]
    adcode: Annotated[str, Meta(examples=["370305"])]
    level: Level | None
    is_stale: bool


class LevelCounts(Struct, rename="camel"):
    """How many enterprises have their worst hazard at each colour; `unscored` have none that was scored."""

    red: int = 0
    orange: int = 0
    yellow: int = 0
    blue: int = 0
    unscored: int = 0
    total: int = 0


class DistrictCounts(LevelCounts):
    """The same for one area."""

    adcode: str = ""
    name: str = ""
    name_en: str = ""


class RiskCounts(Struct, rename="camel"):
    """Counts of the viewer's area and of each area in it, worst first."""

    all: LevelCounts
    districts: list[DistrictCounts]


class Explanation(Struct, rename="camel"):
    """A score taken apart: parts, waterfall and tree each add up to it.

    `level_raw` is the colour of the score alone, `level` the one shown, which falls slowly. `is_reproduced` says
    that the score was computed again for this answer, from its input and parameters, and came out the same.
    """

    id: UUID | None
    hazard_id: UUID
    hazard_name: str
    enterprise_id: UUID
    enterprise_name: str
    model: str
    as_of: datetime
    score: Points
    level_raw: Level
    level: Level
    parts: dict[str, Points]
    waterfall: list[Bar]
    tree: Branch
    param_version: str
    code_version: str
    input_hash: str
    is_reproduced: bool
