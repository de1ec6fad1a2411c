"""Judging a real, noisy signal: the flow of a pump loop whose valve closes."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

import pytest

from backend.domains.monitoring.enums import PointKind
from backend.domains.monitoring.rules import LimitValues, default_damping
from backend.ingest.slots import PointLimits
from tests.ingest.judging import Chart

RECORDED = Path(__file__).resolve().parents[3] / "shared" / "data" / "skab"

pytestmark = pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded data is not beside the project")


def flow_of(name: str) -> list[tuple[float, float]]:
    """(seconds, l/min), irregular as it was recorded."""
    with (RECORDED / f"{name}.csv").open() as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    began = datetime.fromisoformat(rows[0]["datetime"])
    return [
        ((datetime.fromisoformat(row["datetime"]) - began).total_seconds(), float(row["Volume Flow RateRMS"]))
        for row in rows
    ]


@pytest.mark.parametrize(
    ("name", "limit_l"),
    [("valve1-1", 31.5), ("valve1-2", 31.5), ("valve1-3", 31.5), ("other-1", 75), ("other-9", 126.5)],
)
def test_the_usual_damping_turns_a_burst_into_one_episode(name, limit_l):
    damping = default_damping(PointKind.FLOW, LimitValues(l=limit_l), 0, 150)
    bare, damped = (
        PointLimits(l=limit_l),
        PointLimits(
            l=limit_l, deadband=damping.deadband, on_delay_s=damping.on_delay_s, off_delay_s=damping.off_delay_s
        ),
    )
    flow = flow_of(name)
    raised = [what for what, _, _ in Chart(bare).draw(*flow) if what == "raised"]
    assert len(raised) > 1
    assert [what for what, _, _ in Chart(damped).draw(*flow)].count("raised") == 1


def test_the_anomaly_free_run_raises_nothing():
    assert Chart(PointLimits(l=100, deadband=1)).draw(*flow_of("anomaly-free")) == []
