from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from backend.domains.monitoring.enums import Quality
from backend.domains.risk.samples import NO_READING, Frames, Reading, read_points

NOW = 1_760_000_000_000
SKAB = Path(__file__).parents[4] / "shared" / "data" / "skab"


def frames(*columns: list[float | None], every_s: float = 10.0, ends_s: float = 0.0, q: object = None) -> Frames:
    """Columns of samples `every_s` apart, the newest of them `ends_s` old."""
    v = np.array(columns, dtype=np.float64).T
    ages = ends_s + every_s * np.arange(len(v))[::-1]
    quality = np.zeros(v.shape, dtype=np.int16) if q is None else np.array(q, dtype=np.int16).reshape(v.shape)
    return Frames((NOW - ages * 1000).astype(np.int64), v, quality)


def only(given: Frames) -> Reading:
    (reading,) = read_points(given, NOW)
    return reading


def ramp(per_min: float, minutes: float, start: float = 50.0) -> list[float | None]:
    return [start + per_min * i / 6 for i in range(int(minutes * 6))]


def test_one_wild_sample_vanishes() -> None:
    assert only(frames([50.0, 50.1, 50.2, 99.0])).value == 50.2
    assert only(frames([50.0, 99.0, 50.2, 50.1])).value == 50.2


def test_with_two_samples_or_one_there_is_less_to_choose_from() -> None:
    assert only(frames([50.0, 52.0])).value == 51.0
    assert only(frames([50.0])).value == 50.0


def test_zero_is_a_reading_and_nothing_is_none() -> None:
    assert only(frames([0.0, 0.0, 0.0])).value == 0.0
    assert only(frames([None, None, None])) == NO_READING
    assert read_points(frames([1.0], ends_s=1000.0), NOW) == [NO_READING]


def test_bad_samples_leave_the_value_and_give_their_quality() -> None:
    reading = only(frames([50.0, 51.0, 52.0, 0.0, 0.0], q=[0, 0, 0, Quality.BAD_SENSOR, Quality.BAD_SENSOR]))
    assert (reading.value, reading.quality, reading.age_s) == (51.0, "bad", 0.0)


def test_a_bad_sample_without_a_value_is_still_heard() -> None:
    reading = only(frames([50.0, None], q=[0, Quality.OFFLINE]))
    assert (reading.value, reading.quality, reading.age_s) == (50.0, "bad", 0.0)


def test_a_missing_value_is_no_sample() -> None:
    reading = only(frames([50.0, None, None]))
    assert (reading.value, reading.quality, reading.age_s) == (50.0, "good", 20.0)


@pytest.mark.parametrize(
    ("quality", "word"),
    [
        (Quality.GOOD, "good"),
        (Quality.UNCERTAIN_SENSOR, "uncertain"),
        (Quality.OUT_OF_RANGE, "uncertain"),
        (Quality.MANUAL, "uncertain"),
        (Quality.OUT_OF_SERVICE, "bad"),
        (Quality.FROZEN, "bad"),
        (77, "bad"),
    ],
)
def test_every_quality_code_has_a_meaning_and_unknown_ones_are_bad(quality: int, word: str) -> None:
    assert only(frames([50.0], q=[quality])).quality == word


def test_a_steady_rise_is_a_trend() -> None:
    assert only(frames(ramp(0.2, 15))).rate == pytest.approx(0.2)
    assert only(frames(ramp(-1.5, 15))).rate == pytest.approx(-1.5)


def test_of_two_slopes_the_flatter_counts_and_a_bend_back_is_none() -> None:
    assert only(frames([*ramp(0.4, 5), *ramp(0.1, 5, 52.0)])).rate == pytest.approx(0.1, rel=0.05)
    assert only(frames([*ramp(0.4, 5), *ramp(-0.4, 5, 52.0)])).rate == 0.0


def test_a_single_step_is_no_trend() -> None:
    assert only(frames([50.0] * 50 + [60.0] * 10)).rate == 0.0


def test_too_few_samples_are_no_trend() -> None:
    assert only(frames(ramp(1.0, 4))).rate == 0.0
    assert only(frames([50.0, 51.0, 52.0, 53.0], every_s=150.0)).rate == 0.0
    assert only(frames([50.0, 51.0, 52.0, 53.0, 54.0, 55.0, 56.0], every_s=98.0)).rate == pytest.approx(60 / 98)


def test_columns_do_not_disturb_each_other() -> None:
    both = read_points(frames(ramp(0.2, 15), [None] * 90, ramp(-1.0, 15)), NOW)
    assert both == [only(frames(ramp(0.2, 15))), NO_READING, only(frames(ramp(-1.0, 15)))]


def test_the_window_knows_its_extremes_and_how_long_it_looked() -> None:
    reading = only(frames(ramp(0.2, 15)))
    assert (reading.lowest, reading.highest) == (50.0, pytest.approx(52.97, abs=0.01))
    assert reading.oldest_s == 890.0


def recorded(name: str, columns: list[str]) -> Frames:
    if not SKAB.exists():
        pytest.skip("the recorded data are not here")
    with (SKAB / name).open(encoding="utf-8") as source:
        rows = list(csv.DictReader(source, delimiter=";"))
    t = [int(datetime.fromisoformat(row["datetime"] + "+00:00").timestamp() * 1000) for row in rows]
    v = np.array([[float(row[column]) for column in columns] for row in rows])
    return Frames(np.array(t), v, np.zeros(v.shape, dtype=np.int16))


def at(run: Frames, minute: float) -> list[Reading]:
    as_of = int(run.t[0] + minute * 60_000)
    known = run.t <= as_of
    return read_points(Frames(run.t[known], run.v[known], run.q[known]), as_of)


def test_a_recorded_motor_that_cools_has_a_trend_and_the_noise_beside_it_almost_none() -> None:
    """A real loop: a motor that cools by 3.8 °C in 20 min, pressure noise of 0.3 bar, seconds missing."""
    run = recorded("valve1-0.csv", ["Temperature", "Pressure", "Thermocouple"])
    motor, pressure, fluid = at(run, 12.0)
    assert motor.rate == pytest.approx(-0.19, abs=0.08)
    assert abs(pressure.rate) < 0.03
    assert abs(fluid.rate) < 0.03


def test_a_recorded_reading_is_the_median_of_its_three_newest_samples() -> None:
    run = recorded("anomaly-free.csv", ["Temperature", "Pressure", "Volume Flow RateRMS"])
    for minute in range(16, 160, 12):
        known = run.v[run.t <= run.t[0] + minute * 60_000]
        for column, reading in enumerate(at(run, minute)):
            assert reading.value == np.median(known[-3:, column])
            assert reading.age_s is not None
            assert reading.age_s < 5
            assert reading.lowest is not None
            assert reading.lowest <= known[-600:, column].min()


def test_a_recorded_rest_is_no_trend() -> None:
    """Two and a half hours without an event: no quarter of an hour of them may look like a coming overfill."""
    run = recorded("anomaly-free.csv", ["Volume Flow RateRMS"])
    rates = [at(run, minute)[0].rate for minute in range(16, 160, 6)]
    assert max(abs(rate) for rate in rates) < 0.25
