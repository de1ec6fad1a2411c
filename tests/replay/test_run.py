"""Recorded files through the broker into the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backend.db import raw_pool
from backend.domains.alarms.models import Alarm
from backend.domains.monitoring.models import Gateway, LimitSet, Point
from backend.errors import Invalid, NotVisible
from backend.kit import clock
from backend.replay.account import Account, settled
from backend.replay.run import run_replay
from backend.simulator.recording import Mapped, read_recording
from tests.replay.conftest import ENTERPRISE, Bench

pytestmark = pytest.mark.anyio

SKAB = Path(__file__).resolve().parents[3] / "shared" / "data" / "skab"
recorded = pytest.mark.skipif(not SKAB.is_dir(), reason="the recorded data is not beside the project")

FLOW = "Volume Flow RateRMS=FI-1:flow:l/min:0:150"
PRESSURE = "Pressure=PI-1:pressure:bar:-1:10"


async def test_gaps_bad_cells_and_repeats_are_all_accounted_for(bench: Bench, tmp_path: Path) -> None:
    file = tmp_path / "pump.csv"
    file.write_text(
        "datetime;Pressure;Flow\n2020-02-08 13:30:47;0.38;122\n2020-02-08 13:30:48;;122\n2020-02-08 13:31:48;text;\n"
        "2020-02-08 13:31:48;9;9\nnever;1;1\n"
    )
    account = await bench.replay(file, "Pressure=PI-1:pressure:bar", "Flow=FI-1:flow:l/min")
    assert account == Account(f"{ENTERPRISE}-pump", 4, 3, 0, 1, 3, 1)
    assert account.adds_up
    gateway = await Gateway.get(code=account.gateway)
    rows = await raw_pool().fetch("select t, v, n from frame where gateway_id = $1 order by t", gateway.id)
    assert [row["t"] - rows[0]["t"] for row in rows] == [timedelta(seconds=s) for s in (0, 1, 61)]
    assert rows[1]["v"] == [None, 122.0]
    assert [row["n"] for row in rows] == [1, 2, 3]
    assert any(line.startswith("sent 4 = stored 3") for line in bench.told)


async def test_the_same_file_again_is_another_gateway_with_the_same_limits(bench: Bench, tmp_path: Path) -> None:
    """Its minutes are taken: two recordings in them would make nonsense of both."""
    file = tmp_path / "twice.csv"
    file.write_text("datetime;a\n2020-01-01 00:00:00;1\n2020-01-01 00:10:00;2\n")
    first = await bench.replay(file, "a=X-1:other:m", limits=["X-1:h=50,on=4"], tank="TK-101")
    second = await bench.replay(file, "a=X-1:other:m")
    assert (first.gateway, second.gateway) == (f"{ENTERPRISE}-twice", f"{ENTERPRISE}-twice-2")
    for account, place in ((first, True), (second, False)):
        assert (account.sent, account.stored) == (2, 2)
        point = await Point.get(gateway_id=(await Gateway.get(code=account.gateway)).id)
        assert point.tag == "X-1"
        assert (point.tank_id is not None) == place
        limits = await LimitSet.get(point_id=point.id)
        assert (limits.version, limits.limit_h, limits.on_delay_s, limits.off_delay_s) == (1, 50.0, 4.0, 15.0)
        assert limits.reason.endswith("replay of twice.csv")


async def test_a_gateway_that_is_named_is_used_again(bench: Bench, tmp_path: Path) -> None:
    file = tmp_path / "again.csv"
    file.write_text("datetime;a\n2020-01-01 00:00:00;1\n2020-01-01 00:00:00.5;2\n")
    for limits in (["X-1:h=50"], ["X-1:h=50"], ["X-1:h=60"]):
        account = await bench.replay(file, "a=X-1:other:m", gateway="named", limits=limits)
        assert (account.gateway, account.stored) == ("named", 2)
    gateway = await Gateway.get(code="named")
    assert await raw_pool().fetchval("select count(*) from frame where gateway_id = $1", gateway.id) == 6
    point = await Point.get(gateway_id=gateway.id)
    versions = await LimitSet.filter(point_id=point.id).order_by("version")
    assert [row.limit_h for row in versions] == [50.0, 60.0], "what is in force already is not set again"


@recorded
@pytest.mark.parametrize("name", ["anomaly-free", "valve1-0"])
async def test_every_line_of_a_recording_arrives(bench: Bench, name: str) -> None:
    file = SKAB / f"{name}.csv"
    account = await bench.replay(file, FLOW, PRESSURE)
    lines = len(file.read_text().splitlines()) - 1
    assert account.sent == lines
    assert account.stored + account.rejected + account.repeated == lines
    assert account.rejected == 0
    gateway = await Gateway.get(code=account.gateway)
    point = await Point.get(gateway_id=gateway.id, tag="FI-1")
    stored = await raw_pool().fetch(
        """select f.t, f.v[array_position(l.point_ids, $1)] as v from frame f join layout l on l.id = f.layout_id
           where f.gateway_id = $2 order by f.t""",
        point.id,
        gateway.id,
    )
    original = read_recording(file, "datetime", [Mapped.of(FLOW)], ";")
    assert [row["v"] for row in stored] == [pytest.approx(row.values[0], rel=1e-6) for row in original.rows]
    shift = stored[0]["t"].timestamp() - original.first
    assert [row["t"].timestamp() - shift for row in stored] == [
        pytest.approx(row.t, abs=0.002) for row in original.rows
    ]


@recorded
@pytest.mark.parametrize(
    ("name", "limit"), [("valve1-1", "FI-1:l=31.5"), ("valve1-0", "FI-1:l=31.5,on=3"), ("other-9", "FI-1:l=126.5")]
)
async def test_a_limit_between_normal_and_anomalous_flow_gives_one_episode(bench: Bench, name: str, limit: str) -> None:
    """In valve1-0 the flow only dips for seconds, which the usual delay of 15 s is there to overlook."""
    account = await bench.replay(SKAB / f"{name}.csv", FLOW, limits=[limit], gateway=f"limited-{name}")
    point = await Point.get(gateway_id=(await Gateway.get(code=account.gateway)).id)
    alarms = await Alarm.filter(point_id=point.id)
    assert len(alarms) == 1
    assert alarms[0].side == "low"


async def test_what_cannot_be_replayed_is_refused_with_words(bench: Bench, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("datetime;a\n2020-01-01 00:00:00;1\n")
    before = await Gateway.all().count()
    for options, words in (
        ({"maps": ["a=X:cheese:m"]}, "kind is one of"),
        ({"maps": ["b=X:other:m"]}, "no column 'b'"),
        ({"maps": ["a"]}, "COLUMN=TAG:kind:unit"),
        ({"maps": ["a=X:other:m"], "limits": ["Y:h=1"]}, "mapped tag"),
        ({"maps": ["a=X:other:m"], "limits": ["X:top=1"]}, "a limit reads"),
        ({"maps": ["a=X:other:m"], "limits": ["X:h=high"]}, "a limit reads"),
        ({"maps": ["a=X:other:m"], "limits": ["X"]}, "a limit reads"),
        ({"maps": ["a=X:other:m"], "tank": "TK-999"}, "no tank TK-999"),
        ({"maps": ["a=X:other:m"], "speed": 0.5}, "future"),
    ):
        with pytest.raises(Invalid, match=words):
            await bench.replay(file, **options)  # type: ignore[arg-type]  # options of a test
    assert await Gateway.all().count() == before, "nothing is made for what is refused"


async def test_an_unknown_enterprise_is_said_so(bench: Bench, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("datetime;a\n2020-01-01 00:00:00;1\n")
    with pytest.raises(NotVisible, match="999999999"):
        await run_replay(
            bench.settings, file, "999999999", time_column="datetime", maps=["a=X:other:m"], delimiter=";",
            redis=bench.redis, admit=bench.admit,
        )  # fmt: skip


async def test_frames_that_nobody_stores_are_missed(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second database, which no ingest fills: the replay says what is missing instead of succeeding."""
    file = tmp_path / "lost.csv"
    file.write_text("datetime;a\n2020-01-01 00:00:00;1\n2020-01-01 00:00:01;2\n")
    account = await bench.replay(file, "a=X-1:other:m")
    gateway = await Gateway.get(code=account.gateway)
    monkeypatch.setattr("backend.replay.account.GIVES_UP_AFTER_S", 0.5)
    nowhere = [datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 2, tzinfo=UTC)]
    assert await settled(gateway.id, "anlan/v1/x/y/z/frame", nowhere, clock.now()) == (0, 0)
    lost = Account(gateway.code, sent=2, stored=0, rejected=0, repeated=0, bad_cells=0, untimed=0)
    assert not lost.adds_up
    assert "missing 2" in str(lost)
