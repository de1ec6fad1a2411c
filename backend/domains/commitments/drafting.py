"""Today's draft: the newest filing, with the counts of today's work reports, and where each value comes from."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from backend.domains.commitments.content import (
    FIELD_NAMES,
    JUDGEMENTS,
    WIRE_NAMES,
    WORK_FIELDS,
    CommitmentContent,
)
from backend.domains.commitments.enums import EvidenceSource
from backend.domains.commitments.rules import suggested_level
from backend.domains.permits.queries import DayWork

Value = int | bool | str


class EvidenceDetail(msgspec.Struct, frozen=True, rename="camel"):
    """What stands behind a value: report numbers, the day of the previous filing, open alarms of level 2."""

    report_numbers: list[str] = []
    previous_on: date | None = None
    open_alarms: int | None = None


class Evidence(msgspec.Struct, frozen=True, rename="camel"):
    """One field of the draft. yesterday: as the previous filing said, null without one. judgement: a person decides."""

    field: str
    yesterday: Value | None
    proposed: Value
    changed: bool
    judgement: bool
    source: EvidenceSource
    detail: EvidenceDetail


class Known(msgspec.Struct, frozen=True):
    """What a draft is made from.

    previous: the newest filing's content and previous_on its day. alarms: open alarms of level 2 (HH, LL, gas level 2).
    """

    work: DayWork
    units_total: int
    duty_leader: str
    duty_phone: str
    alarms: int = 0
    previous: CommitmentContent | None = None
    previous_on: date | None = None


def propose(known: Known) -> tuple[CommitmentContent, list[Evidence]]:
    """The draft, and one piece of evidence for each field in the order of the content."""
    base = known.previous or _first_content(known)
    numbers = {name: known.work.numbers_of(kind, grade) for name, (kind, grade) in WORK_FIELDS.items()}
    numbers["contractor_jobs"] = known.work.contractor_numbers
    content = msgspec.structs.replace(base, **{name: len(found) for name, found in numbers.items()})
    content.risk_level = suggested_level(content)
    # Its explanation is of the day it was written.
    content.note = ""
    return content, [_evidence(name, content, known, numbers) for name in FIELD_NAMES if name != "note"]


def _evidence(name: str, content: CommitmentContent, known: Known, numbers: dict[str, list[str]]) -> Evidence:
    proposed = getattr(content, name)
    yesterday = getattr(known.previous, name) if known.previous else None
    source = EvidenceSource.PREVIOUS if known.previous else EvidenceSource.REGISTER
    detail = EvidenceDetail(previous_on=known.previous_on)
    if name in numbers:
        source, detail = EvidenceSource.WORK_REPORTS, EvidenceDetail(report_numbers=numbers[name])
    elif name == "risk_level":
        source = EvidenceSource.WORK_REPORTS
        grave = (numbers[field] for field in ("hot_work_special", "hot_work_1", "confined_space"))
        detail = EvidenceDetail(report_numbers=[number for found in grave for number in found])
    elif name == "hazards_safe":
        source, detail = EvidenceSource.SENSORS, EvidenceDetail(open_alarms=known.alarms)
    return Evidence(
        field=WIRE_NAMES[name],
        yesterday=yesterday,
        proposed=proposed,
        changed=proposed != yesterday,
        judgement=name in JUDGEMENTS,
        source=source,
        detail=detail,
    )


def _first_content(known: Known) -> CommitmentContent:
    """What to start from when nothing was ever filed: the register's units, all running, and nothing going on."""
    nothing: dict[str, Any] = dict.fromkeys(
        (
            *WORK_FIELDS,
            "contractor_jobs",
            "maintenance_jobs",
            "tank_transfers",
            "tank_cleanings",
            "drainings",
            "changes",
        ),
        0,
    )
    return CommitmentContent(
        units_total=known.units_total,
        units_running=known.units_total,
        units_stopped=0,
        units_maintenance=0,
        **nothing,
        trial_production=False,
        start_up_shut_down=False,
        pilot_test=False,
        duty_leader=known.duty_leader,
        duty_phone=known.duty_phone,
        major_hidden_hazard=False,
        hazards_safe=True,
        responsible_in_place=True,
        risk_level=4,
    )
