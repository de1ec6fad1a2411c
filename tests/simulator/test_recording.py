"""Recorded files as a gateway would have measured them."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.simulator.recording import (
    Mapped,
    Recording,
    Row,
    UnusableRecording,
    gateway_code,
    read_recording,
)

FLOW = Mapped.of("Volume Flow RateRMS=FI-1:flow:l/min:0:150")
PRESSURE = Mapped.of("Pressure=PI-1:pressure:bar")


def written(folder: Path, text: str) -> Path:
    file = folder / "run 1.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_mapping_is_read_with_and_without_a_range() -> None:
    assert Mapped("Volume Flow RateRMS", "FI-1", "flow", "l/min", 0.0, 150.0) == FLOW
    assert Mapped("Pressure", "PI-1", "pressure", "bar") == PRESSURE
    assert Mapped.of("a=b=T:other:x").column == "a=b"


@pytest.mark.parametrize(
    "text", ["", "Pressure", "Pressure=PI-1", "Pressure=PI-1:pressure", "P=T:k:u:1", "P=T:k:u:a:b", "=T:k:u"]
)
def test_a_mapping_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(UnusableRecording):
        Mapped.of(text)


def test_rows_keep_their_gaps_and_bad_cells_become_missing(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "\ufeffdatetime;Pressure;Volume Flow RateRMS\n"
        "2020-02-08 13:30:47;0.38;122.6\n"
        "2020-02-08 13:30:48;;122.3\n"
        "2020-02-08 13:30:52;n/a;nan\n"
        "not a time;1;1\n"
        "2020-02-08 13:30:52;-0.27;1e999\n",
    )
    recording = read_recording(file, "datetime", [PRESSURE, FLOW], ";")
    assert [row.t - recording.first for row in recording.rows] == [0, 1, 5, 5]
    assert recording.rows[0].values == (0.38, 122.6)
    assert recording.rows[1].values == (None, 122.3)
    assert recording.rows[2].values == (None, None)
    assert recording.rows[3].values == (-0.27, None)
    assert (recording.bad_cells, recording.untimed, recording.repeated) == (4, 1, 1)
    assert recording.lasts_s == 5


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        ("1700000000", 1.7e9),
        ("1700000000500", 1.7e9 + 0.5),
        ("2023-11-14T22:13:20Z", 1.7e9),
        ("2023-11-15T06:13:20", 1.7e9),
    ],
)
def test_times_come_in_many_forms(tmp_path: Path, cell: str, seconds: float) -> None:
    recording = read_recording(written(tmp_path, f"t,Pressure\n{cell},1\n"), "t", [PRESSURE])
    assert recording.rows[0].t == seconds


@pytest.mark.parametrize("speed", [1.0, 60.0, 1000.0])
def test_a_replay_keeps_distances_and_never_sends_from_the_future(speed: float) -> None:
    recording = Recording(tuple(Row(t, (1.0,)) for t in (100.0, 101.0, 105.5, 400.0)), 0, 0)
    plan = list(recording.shifted(50_000.0, speed))
    sent = [at for at, _, _ in plan]
    stamped = [t / 1000 for _, t, _ in plan]
    assert sent == [pytest.approx(50_000 + s / speed) for s in (0, 1, 5.5, 300)]
    assert [t - stamped[0] for t in stamped] == [pytest.approx(s, abs=0.002) for s in (0, 1, 5.5, 300)]
    assert stamped[-1] == pytest.approx(sent[-1], abs=0.001), "the last line is of the moment in which it is sent"
    assert all(t <= at + 0.001 for at, t in zip(sent, stamped, strict=True))
    if speed == 1:
        assert sent == pytest.approx(stamped, abs=0.001)


def test_slower_than_recorded_is_refused() -> None:
    with pytest.raises(ValueError, match="future"):
        list(Recording((Row(1.0, ()),), 0, 0).shifted(0.0, 0.5))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("datetime,Pressure\n", "no line with a time"),
        ("datetime;Pressure\n2020-01-01;1\n", "no column"),
        ("when,Pressure\n2020-01-01,1\n", "no column 'datetime'"),
        ("", "no column"),
    ],
)
def test_a_file_with_nothing_to_replay_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UnusableRecording, match=words):
        read_recording(written(tmp_path, text), "datetime", [PRESSURE])


def test_two_columns_may_not_become_one_tag(tmp_path: Path) -> None:
    with pytest.raises(UnusableRecording, match="a tag of its own"):
        read_recording(written(tmp_path, "t,a\n1,1\n"), "t", [Mapped.of("a=X:other:m"), Mapped.of("t=X:other:m")])


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "picture.csv"
    file.write_bytes(b"\x89PNG\xff\xfe\x00")
    with pytest.raises(UnusableRecording, match="cannot be read"):
        read_recording(file, "t", [PRESSURE])


def test_the_gateway_of_a_file_has_a_code_the_broker_bears() -> None:
    assert gateway_code("370310001", Path("valve1-0.csv")) == "370310001-valve1-0"
    assert gateway_code("370310001", Path("泵 记录.csv")) == "370310001-recording"
    assert len(gateway_code("370310001", Path("x" * 90))) == 40
