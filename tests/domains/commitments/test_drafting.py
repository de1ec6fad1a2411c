from collections import Counter
from datetime import date
from typing import Any

import msgspec
import pytest

from backend.domains.commitments.content import FIELD_NAMES, CommitmentContent
from backend.domains.commitments.drafting import Evidence, Known, propose
from backend.domains.commitments.enums import EvidenceSource
from backend.domains.permits.enums import WorkGrade, WorkKind
from backend.domains.permits.queries import DayWork
from tests.domains.commitments.filings import parsed

YESTERDAY = date(2026, 11, 23)
WORK = DayWork(
    counts=Counter(),
    numbers={
        (WorkKind.HOT_WORK, WorkGrade.GRADE_1): ["DH-1124-003"],
        (WorkKind.CONFINED_SPACE, WorkGrade.NONE): ["SX-1124-001"],
    },
    contractor_numbers=["DH-1124-003"],
)
NO_WORK = DayWork(counts=Counter(), numbers={}, contractor_numbers=[])


def drafted(work: DayWork = WORK, **known: Any) -> tuple[CommitmentContent, dict[str, Evidence]]:
    given = {"previous": parsed(confinedSpace=2, tankTransfers=1, note="昨日说明"), "previous_on": YESTERDAY}
    content, evidence = propose(
        Known(work=work, units_total=4, duty_leader="陈国栋", duty_phone="13800001234", **{**given, **known})
    )
    return content, {piece.field: piece for piece in evidence}


def test_counts_of_work_come_from_todays_reports_with_their_numbers() -> None:
    content, evidence = drafted()
    assert (content.hot_work_1, content.confined_space, content.contractor_jobs) == (1, 1, 1)
    hot = evidence["hotWork1"]
    assert (hot.yesterday, hot.proposed, hot.changed) == (0, 1, True)
    assert (hot.source, hot.detail.report_numbers) == (EvidenceSource.WORK_REPORTS, ["DH-1124-003"])
    assert (evidence["confinedSpace"].yesterday, evidence["confinedSpace"].proposed) == (2, 1)


def test_the_rest_is_as_filed_before_and_says_when() -> None:
    content, evidence = drafted()
    assert (content.units_total, content.tank_transfers, content.duty_leader) == (6, 1, "周启明")
    kept = evidence["tankTransfers"]
    assert (kept.changed, kept.source, kept.detail.previous_on) == (False, EvidenceSource.PREVIOUS, YESTERDAY)


def test_yesterdays_explanation_is_not_carried_over() -> None:
    content, evidence = drafted()
    assert content.note == ""
    assert "note" not in evidence


def test_changes_are_exactly_the_fields_that_differ() -> None:
    _, evidence = drafted()
    changed = {name for name, piece in evidence.items() if piece.changed}
    assert changed == {"hotWork1", "confinedSpace", "contractorJobs", "riskLevel"}


def test_judgements_are_marked_and_the_level_is_suggested_from_the_work() -> None:
    content, evidence = drafted()
    assert {name for name, piece in evidence.items() if piece.judgement} == {
        "majorHiddenHazard",
        "hazardsSafe",
        "responsibleInPlace",
        "riskLevel",
    }
    assert (content.risk_level, evidence["riskLevel"].detail.report_numbers) == (3, ["DH-1124-003", "SX-1124-001"])


@pytest.mark.parametrize("alarms", [0, 2])
def test_open_alarms_stand_beside_the_judgement_and_do_not_make_it(alarms: int) -> None:
    content, evidence = drafted(alarms=alarms)
    assert content.hazards_safe is True
    assert (evidence["hazardsSafe"].source, evidence["hazardsSafe"].detail.open_alarms) == (
        EvidenceSource.SENSORS,
        alarms,
    )


def test_the_first_draft_ever_starts_from_the_register() -> None:
    content, evidence = drafted(work=NO_WORK, previous=None, previous_on=None)
    assert (content.units_total, content.units_running, content.duty_phone) == (4, 4, "13800001234")
    assert all(piece.yesterday is None and piece.changed for piece in evidence.values())
    assert evidence["unitsTotal"].source is EvidenceSource.REGISTER


def test_a_draft_can_be_sent_back_as_it_is() -> None:
    content, evidence = drafted()
    assert msgspec.convert(msgspec.to_builtins(content), CommitmentContent) == content
    assert len(evidence) == len(FIELD_NAMES) - 1
