"""Tanks that fill and draw."""

from __future__ import annotations

import numpy as np
import pytest

from backend.simulator.city import make_city
from backend.simulator.dynamics.stock import FAR_TOO_HIGH_PCT, FAR_TOO_LOW_PCT, Stock

START = 1_790_000_000.0


@pytest.fixture(scope="module")
def stock() -> Stock:
    """All tanks of the city together."""
    city = make_city()
    return Stock([tank for e in city.enterprises for tank in e.tanks.values()], "everywhere", 5)


def test_mass_is_neither_made_nor_lost(stock: Stock) -> None:
    """Over any time the change of volume is what ran in less what was drawn."""
    step_s = 10.0
    t = START + np.arange(0, 4 * 86_400, step_s)[:, None]
    at = stock.cycle(t)
    volume = stock.level_pct(at) / 100 * stock.volume_m3
    net = (stock.inflow_m3_h(at) - stock.outflow_m3_h(at)) * step_s / 3600
    moved = np.cumsum(net, axis=0)
    error = np.abs(volume - volume[0] - (moved - net[0]))
    # A pump that starts or stops inside a step is counted for the whole step: at most one such step each time.
    starts = np.abs(np.diff(net, axis=0) != 0).sum(axis=0).max()
    assert error.max() < np.abs(net).max() * (starts + 1)
    assert (error / stock.volume_m3).max() < 0.005


def test_stock_moves_no_faster_than_its_pumps(stock: Stock) -> None:
    t = START + np.arange(0, 20 * 86_400, 60.0)[:, None]
    steps = np.diff(stock.level_pct(stock.cycle(t)), axis=0)
    assert (steps <= stock.fill_pct_s * 60 + 1e-6).all()
    assert (steps >= -stock.draw_pct_s * 60 - 1e-6).all()


def test_nothing_runs_over_or_dry_in_a_year(stock: Stock) -> None:
    t = START + np.arange(0, 365 * 86_400, 1800.0)[:, None]
    level = stock.level_pct(stock.cycle(t))
    assert level.max() <= FAR_TOO_HIGH_PCT[1] + 1e-9
    assert level.min() >= FAR_TOO_LOW_PCT[0] - 1e-9


def test_beyond_names_every_time_outside_the_limits(stock: Stock) -> None:
    end = START + 10 * 86_400
    t = np.arange(START, end, 300.0)
    level = stock.level_pct(stock.cycle(t[:, None]))
    outside = (level >= 85) | (level <= 15)
    assert outside.any()
    for tank, begins, ends in stock.beyond(START, end):
        outside[(t >= begins) & (t <= ends), tank] = False
    assert not outside.any()


def test_pumps_fill_and_draw_in_turn(stock: Stock) -> None:
    t = START + np.arange(0, 10 * 86_400, 300.0)[:, None]
    at = stock.cycle(t)
    filling, drawing = stock.inflow_m3_h(at) > 0, stock.outflow_m3_h(at) > 0
    assert not (filling & drawing).any()
    assert filling.any(axis=0).all()
    assert drawing.any(axis=0).all()
