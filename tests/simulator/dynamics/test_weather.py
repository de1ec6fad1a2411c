"""The air and what follows it."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from backend.simulator.dynamics.noise import key
from backend.simulator.dynamics.weather import DAY_S, air_c, day_c, season_c, tank_c


def at(month: int, day: int, hour_at_plant: float) -> float:
    return datetime(2026, month, day, tzinfo=UTC).timestamp() + (hour_at_plant - 8) * 3600


def test_july_is_hot_and_january_is_cold() -> None:
    assert season_c(np.array([at(7, 20, 12)]))[0] == pytest.approx(27.7, abs=0.2)
    assert season_c(np.array([at(1, 18, 12)]))[0] == pytest.approx(-1.3, abs=0.3)


def test_afternoon_is_warmer_than_the_night() -> None:
    hours = np.array([at(5, 1, hour) for hour in range(24)])
    assert int(np.argmax(day_c(hours))) in (14, 15)
    assert int(np.argmin(day_c(hours))) in (2, 3)


def test_a_tank_follows_late_and_flatter_the_larger_it_is() -> None:
    t = at(5, 1, 0) + np.arange(0, DAY_S, 600)
    small, large = day_c(t, 10 * 3600.0), day_c(t, 40 * 3600.0)
    assert np.ptp(day_c(t)) > np.ptp(small) > np.ptp(large) > 0
    assert np.argmax(day_c(t)) < np.argmax(small) < np.argmax(large)


def test_a_held_tank_stays_near_its_temperature_all_year() -> None:
    t = np.arange(at(1, 1, 0), at(12, 31, 0), 6 * 3600.0)[:, None]
    keys = np.array([key("x"), key("y")], dtype=np.uint64)
    liquid = tank_c(1, t, np.array([20.0, 20.0]) * 3600, np.array([16.0, np.nan]), keys)
    assert np.abs(liquid[:, 0] - 16).max() < 1.2
    assert np.ptp(liquid[:, 1]) > 20
    assert np.abs(liquid[:, 1] - air_c(1, t)[:, 0]).max() < 15
