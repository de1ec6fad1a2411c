import base64
from collections import Counter
from typing import Any

import pytest

from backend.domains.commitments.content import FIELD_NAMES, WIRE_NAMES, WORK_FIELDS
from backend.domains.commitments.enums import WarningKind
from backend.domains.commitments.rules import (
    LARGEST_SIGNATURE,
    fault_of_content,
    fault_of_signature,
    suggested_level,
    warnings_of,
)
from backend.domains.permits.enums import WorkGrade, WorkKind
from backend.domains.permits.queries import DayWork
from tests.domains.commitments.filings import content, parsed

NO_WORK = DayWork(counts=Counter(), numbers={}, contractor_numbers=[])
ONE_HOT_WORK = DayWork(
    counts=Counter({(WorkKind.HOT_WORK, WorkGrade.GRADE_1): 1}),
    numbers={(WorkKind.HOT_WORK, WorkGrade.GRADE_1): ["DH-1124-003"]},
    contractor_numbers=[],
)
PNG = "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n rest").decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, None),
        ({"unitsRunning": 6, "unitsStopped": 6, "unitsMaintenance": 6}, None),
        ({"unitsRunning": 7}, "unitsRunning"),
        ({"unitsStopped": 7}, "unitsStopped"),
        ({"unitsMaintenance": 7}, "unitsMaintenance"),
        ({"dutyLeader": "  "}, "dutyLeader"),
        ({"dutyPhone": "11"}, "dutyPhone"),
        ({"hazardsSafe": False}, "note"),
        ({"hazardsSafe": False, "note": "  太短  "}, "note"),
        ({"hazardsSafe": False, "note": "三号罐根部阀渗漏，已隔离观察"}, None),
    ],
)
def test_only_what_cannot_be_is_refused(changes: dict[str, Any], field: str | None) -> None:
    fault = fault_of_content(parsed(**changes))
    assert (fault.field if fault else None) == field


def test_units_that_do_not_add_up_are_warned_of() -> None:
    assert warnings_of(parsed(), NO_WORK, 0) == []
    (warning,) = warnings_of(parsed(unitsMaintenance=1), NO_WORK, 0)
    assert (warning.kind, warning.said, warning.found) == (WarningKind.UNITS_DO_NOT_ADD_UP, 6, 7)


def test_counts_are_held_against_the_reports_of_the_day() -> None:
    (warning,) = warnings_of(parsed(riskLevel=3), ONE_HOT_WORK, 0)
    assert (warning.kind, warning.field) == (WarningKind.DIFFERS_FROM_WORK_REPORTS, "hotWork1")
    assert (warning.said, warning.found) == (0, 1)
    assert warnings_of(parsed(hotWork1=1, riskLevel=3), ONE_HOT_WORK, 0) == []


def test_open_alarms_speak_against_a_safe_state() -> None:
    (warning,) = warnings_of(parsed(), NO_WORK, 2)
    assert (warning.kind, warning.found) == (WarningKind.OPEN_ALARMS, 2)
    assert warnings_of(parsed(hazardsSafe=False), NO_WORK, 2) == []


@pytest.mark.parametrize(
    ("changes", "level"),
    [
        ({}, 4),
        ({"hotWork2": 5, "lifting": 2}, 4),
        ({"hotWork1": 1}, 3),
        ({"confinedSpace": 1}, 3),
        ({"tankTransfers": 1}, 3),
        ({"trialProduction": True}, 3),
        ({"hotWorkSpecial": 1}, 2),
        ({"startUpShutDown": True}, 2),
        ({"majorHiddenHazard": True, "confinedSpace": 1}, 2),
    ],
)
def test_a_level_is_suggested_and_a_lower_promise_is_warned_of(changes: dict[str, Any], level: int) -> None:
    assert suggested_level(parsed(**changes)) == level
    kinds = [w.kind for w in warnings_of(parsed(**changes, riskLevel=level), NO_WORK, 0)]
    assert WarningKind.LEVEL_LOWER_THAN_SUGGESTED not in kinds
    if level < 4:
        kinds = [w.kind for w in warnings_of(parsed(**changes, riskLevel=level + 1), NO_WORK, 0)]
        assert WarningKind.LEVEL_LOWER_THAN_SUGGESTED in kinds


@pytest.mark.parametrize(
    ("signature", "fits"),
    [
        ("", True),
        ("M 10 10 L 20 20", True),
        ("M10,10c1.5e-3-2,3 4zM0 0h1", True),
        (PNG, True),
        ("L 10 10", False),
        ('M 0 0" onload="alert(1)', False),
        ("<svg/>", False),
        ("data:image/png;base64,AAAA", False),
        ("data:image/png;base64,%%%", False),
        ("data:image/svg+xml;base64,AAAA", False),
        ("M" + "1" * LARGEST_SIGNATURE, False),
    ],
)
def test_a_signature_is_a_drawing_and_nothing_else(signature: str, fits: bool) -> None:
    assert (fault_of_signature(signature) is None) is fits


def test_every_field_is_on_the_wire_once_and_every_kind_of_work_is_counted() -> None:
    assert set(WIRE_NAMES) == set(FIELD_NAMES)
    assert set(content()) | {"note"} == set(WIRE_NAMES.values())
    assert {kind for kind, _ in WORK_FIELDS.values()} == set(WorkKind)
