"""From rows and explanations to what goes on the wire."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from backend.domains.enterprises.queries import enterprise_name
from backend.domains.regions.queries import all_regions
from backend.domains.risk.explain import explain, waterfall
from backend.domains.risk.models import RiskScore
from backend.domains.risk.param_sets import parameters_in_force, parameters_of
from backend.domains.risk.queries import hazard_name
from backend.domains.risk.schemas import (
    Bar,
    Branch,
    Cause,
    DistrictCounts,
    EnterpriseMark,
    EnterpriseRisk,
    Explanation,
    HazardRisk,
    LevelCounts,
    RiskCounts,
)
from backend.kit.json import load_json

# Scoring runs every minute; after this long without a look a score is no statement about now.
STALE_AFTER = timedelta(minutes=5)
# Two computations of one score differ by less than this, or they are not the same.
SAME = 1e-9

_COLOURS = {3: "red", 2: "orange", 1: "yellow", 0: "blue", None: "unscored"}


def show_hazard(row: Any, now: datetime) -> HazardRisk:
    """A hazard in a list."""
    return HazardRisk(
        hazard_id=row["hazard_id"],
        hazard_code=row["code"],
        hazard_name=row["hazard_name"],
        grade=row["grade"],
        enterprise_id=row["enterprise_id"],
        model=row["model"] or "",
        score=_shown(row["score"]),
        level=row["level"],
        level_changed_at=row["level_changed_at"],
        why=_causes(row["why"]),
        as_of=row["as_of"],
        checked_at=row["checked_at"],
        is_stale=is_stale(row["checked_at"], now),
        score_id=row["score_id"],
    )


async def show_enterprises(rows: Sequence[Any], now: datetime) -> list[EnterpriseRisk]:
    """Enterprises in a list, with the names of their areas."""
    regions = {region.adcode: region for region in await all_regions()}
    return [
        EnterpriseRisk(
            enterprise_id=row["enterprise_id"],
            code=row["code"],
            name=row["name"],
            short_name=row["short_name"],
            adcode=row["adcode"],
            region_name=regions[row["adcode"]].name,
            region_name_en=regions[row["adcode"]].name_en,
            hazard_count=row["hazard_count"],
            gravest_grade=row["gravest_grade"],
            hazard_id=row["hazard_id"],
            hazard_name=row["hazard_name"],
            score=_shown(row["score"]),
            level=row["level"],
            level_changed_at=row["level_changed_at"],
            why=_causes(row["why"]),
            as_of=row["as_of"],
            is_stale=is_stale(row["checked_at"], now),
        )
        for row in rows
    ]


def show_mark(row: Any, now: datetime) -> EnterpriseMark:
    """An enterprise on a map."""
    return EnterpriseMark(
        row["enterprise_id"], row["short_name"], row["adcode"], row["level"], is_stale(row["checked_at"], now)
    )


async def show_counts(rows: Iterable[Any]) -> RiskCounts:
    """Counts in all and by area; areas with the gravest colours come first."""
    regions = {region.adcode: region for region in await all_regions()}
    whole = LevelCounts()
    districts: dict[str, DistrictCounts] = {}
    for row in rows:
        region = regions[row["adcode"]]
        own = districts.setdefault(
            region.adcode, DistrictCounts(adcode=region.adcode, name=region.name, name_en=region.name_en)
        )
        colour = _COLOURS[row["level"]]
        for counts in (whole, own):
            setattr(counts, colour, getattr(counts, colour) + row["enterprises"])
            counts.total += row["enterprises"]
    worst_first = sorted(districts.values(), key=lambda d: (-d.red, -d.orange, -d.yellow, d.adcode))
    return RiskCounts(whole, worst_first)


async def show_state(row: Any) -> Explanation:
    """How a hazard stands now, from the input its state remembers."""
    inp = load_json(row["input"])
    explained = explain(row["model"], inp, await parameters_in_force(row["as_of"]))
    return Explanation(
        id=row["score_id"],
        hazard_id=row["object_id"],
        hazard_name=row["hazard_name"],
        enterprise_id=row["enterprise_id"],
        enterprise_name=row["enterprise_name"],
        as_of=row["as_of"],
        level=row["level"],
        is_reproduced=abs(explained["score"] - row["score"]) < SAME,
        **_taken_apart(explained),
    )


async def show_score(found: RiskScore) -> Explanation:
    """A stored score, computed again from its stored input under the parameters of its time."""
    explained = explain(found.model, found.input, await parameters_of(found.param_version))
    return Explanation(
        id=found.id,
        hazard_id=found.object_id,
        hazard_name=await hazard_name(found.object_id),
        enterprise_id=found.enterprise_id,
        enterprise_name=await enterprise_name(found.enterprise_id) or "",
        as_of=found.as_of,
        level=found.level,
        is_reproduced=abs(explained["score"] - found.score) < SAME and explained["input_hash"] == found.input_hash,
        **_taken_apart(explained),
    )


def is_stale(checked_at: datetime | None, now: datetime) -> bool:
    """Whether nobody has looked for a while, or ever."""
    return checked_at is None or now - checked_at > STALE_AFTER


def _taken_apart(explained: Mapping[str, Any]) -> dict[str, Any]:
    tree = explained["tree"]
    shown = {child["id"]: child["shown"] for child in tree["children"]}
    return {
        "model": explained["model"],
        "score": tree["shown"],
        "level_raw": explained["level_raw"],
        "parts": {part: shown.get(part, 0.0) for part in explained["parts"]},
        "waterfall": [Bar(**_cause(bar), start=bar["start"]) for bar in waterfall(tree)],
        "tree": _branch(tree),
        "param_version": explained["param_version"],
        "code_version": explained["code_version"],
        "input_hash": explained["input_hash"],
    }


def _branch(node: Mapping[str, Any]) -> Branch:
    return Branch(
        id=node["id"],
        kind=node["kind"],
        object=node["object"],
        label=node["label_zh"],
        label_en=node["label_en"],
        evidence=node["evidence"],
        evidence_en=node["evidence_en"],
        points=node["shown"],
        children=[_branch(child) for child in node["children"]],
    )


def _causes(why: str | None) -> list[Cause]:
    return [Cause(**_cause(bar)) for bar in load_json(why)] if why else []


def _cause(bar: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": bar["kind"],
        "object": bar["object"],
        "label": bar["label_zh"],
        "label_en": bar["label_en"],
        "evidence": bar["evidence"],
        "evidence_en": bar["evidence_en"],
        "points": bar["shown"],
        "sentence": bar["sentence"],
        "sentence_en": bar["sentence_en"],
    }


def _shown(score: float | None) -> float | None:
    return None if score is None else round(score, 1)
