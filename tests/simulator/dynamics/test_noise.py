"""Chance without a memory."""

from __future__ import annotations

import numpy as np

from backend.simulator.dynamics.noise import key, swell, tremble, uniform, wander


def test_uniform_is_even_and_depends_on_key_and_number_only() -> None:
    drawn = uniform(key("a"), np.arange(50_000))
    assert drawn.min() >= 0
    assert drawn.max() < 1
    assert abs(drawn.mean() - 0.5) < 0.01
    counts, _ = np.histogram(drawn, bins=10, range=(0, 1))
    assert counts.min() > 4_700
    assert np.array_equal(drawn[17:20], uniform(key("a"), np.array([17, 18, 19])))
    assert not np.array_equal(drawn[:10], uniform(key("b"), np.arange(10)))


def test_wander_moves_in_small_steps_between_its_bounds() -> None:
    t = np.arange(0, 86_400, 5.0)
    walk = wander(key("a"), t, 600)
    assert np.abs(walk).max() <= 1
    assert np.abs(np.diff(walk)).max() < 2 * 1.5 * 5 / 600 + 1e-9  # the steepest slope of smoothstep is 1.5
    assert walk.std() > 0.3


def test_wander_does_not_care_how_it_is_asked() -> None:
    t = np.arange(0, 3_600, 5.0)
    assert np.array_equal(wander(key("a"), t, 60)[100:200], wander(key("a"), t[100:200], 60))


def test_tremble_is_new_each_moment() -> None:
    shaken = tremble(key("a"), np.arange(0, 1_000, 1.0))
    assert abs(np.corrcoef(shaken[:-1], shaken[1:])[0, 1]) < 0.1


def test_swell_rises_stays_and_falls() -> None:
    t = np.array([0.0, 10, 15, 20, 50, 60, 65, 70, 100])
    assert swell(t, 10, 10, 60, 10).tolist() == [0, 0, 0.5, 1, 1, 1, 0.5, 0, 0]
