"""All points of a gateway over time."""

from __future__ import annotations

import numpy as np
import pytest

from backend.simulator.city import make_city
from backend.simulator.city.media import Storage
from backend.simulator.dynamics import GatewayModel
from backend.simulator.dynamics.troubles import BAD_SENSOR

START = 1_790_000_000.0
DAY_S = 86_400.0


@pytest.fixture(scope="module")
def models() -> list[GatewayModel]:
    city = make_city()
    return [GatewayModel(gateway, e, city.seed) for e in city.enterprises for gateway in e.gateways]


def test_an_instant_has_one_value_however_it_is_asked(models: list[GatewayModel]) -> None:
    """The history in steps of half an hour and the live frame of the same instant agree: nothing jumps between them."""
    coarse = START + np.arange(0, 2 * DAY_S, 1800.0)
    for model in models[:6]:
        series = model.frames(coarse)
        for index in (0, 31, 95):
            alone = model.frames(coarse[index : index + 1])
            assert np.array_equal(alone.values[0], series.values[index], equal_nan=True)
            assert np.array_equal(alone.quality[0], series.quality[index])


def test_same_seed_same_plant_other_seed_other_plant() -> None:
    city = make_city()
    plant = (city.visitor.gateways[0], city.visitor)
    t = START + np.arange(0, 600, 5.0)
    one, same, other = (GatewayModel(*plant, seed).frames(t).values for seed in (1, 1, 2))
    assert np.array_equal(one, same, equal_nan=True)
    assert not np.array_equal(one, other, equal_nan=True)


def test_values_are_continuous_at_five_seconds(models: list[GatewayModel]) -> None:
    """Levels, temperatures and pressures go where physics lets them go: no step from frame to frame."""
    t = START + np.arange(0, 6 * 3600, 5.0)
    for model in models:
        values = model.frames(t).values
        for index, point in enumerate(model.plan.points):
            if point.kind in ("level", "temperature", "pressure"):
                span = point.range_hi - point.range_lo
                assert np.nanmax(np.abs(np.diff(values[:, index])), initial=0) < 0.02 * span, point


def test_nothing_passes_a_limit_outside_the_windows(models: list[GatewayModel]) -> None:
    t = START + np.arange(0, 15 * DAY_S, 300.0)
    seen = 0
    for model in models:
        values = model.frames(t).values
        quiet = np.ones(values.shape, dtype=bool)
        for window in model.windows(START, START + 15 * DAY_S):
            quiet[(t >= window.start) & (t <= window.end), window.point] = False
        for index, point in enumerate(model.plan.points):
            limits = point.in_force
            low = -np.inf if limits.l is None else limits.l
            high = np.inf if limits.h is None else limits.h
            beyond = (values[:, index] <= low) | (values[:, index] >= high)
            assert not (beyond & quiet[:, index]).any(), point
            seen += int(beyond.any())
    assert seen > 30, "an ordinary fortnight has its alarms"


def test_values_stay_in_range_and_all_winter_and_summer_quiet(models: list[GatewayModel]) -> None:
    """No season drives a tank over its limits by itself."""
    t = START + np.arange(0, 365 * DAY_S, 7 * 3600.0)
    for model in models:
        values = model.frames(t).values
        for index, point in enumerate(model.plan.points):
            column = values[:, index]
            assert np.nanmin(column) >= point.range_lo
            assert np.nanmax(column) <= point.range_hi
            if point.kind == "temperature" and point.in_force.h is not None:
                assert (column >= point.in_force.h).mean() < 0.01, point


def test_blanket_pressure_rises_while_a_tank_fills(models: list[GatewayModel]) -> None:
    model = models[0]
    city = make_city()
    tank = next(t for t in city.visitor.hazards[0].tanks if t.medium.storage is Storage.BLANKETED)
    tags = [point.tag for point in model.plan.points]
    number = tank.code.rpartition("-")[2]
    t = START + np.arange(0, 10 * DAY_S, 300.0)
    values = model.frames(t).values
    flow, pressure = values[:, tags.index(f"FT-{number}")], values[:, tags.index(f"PT-{number}")]
    assert np.nanmean(pressure[flow > 0]) > np.nanmean(pressure[flow == 0]) + 0.2


def test_vapour_pressure_follows_the_warmth(models: list[GatewayModel]) -> None:
    city = make_city()
    gas = city.enterprise("muchen")
    assert gas is not None
    model = GatewayModel(gas.gateways[0], gas, city.seed)
    tags = [point.tag for point in model.plan.points]
    t = START + np.arange(0, 300 * DAY_S, DAY_S / 2)
    values = model.frames(t).values
    warmth, pressure = values[:, tags.index("TT-101")], values[:, tags.index("PT-101")]
    both = ~(np.isnan(warmth) | np.isnan(pressure))
    assert np.corrcoef(warmth[both], pressure[both])[0, 1] > 0.9


def test_bad_instruments_send_nothing_and_say_so(models: list[GatewayModel]) -> None:
    t = START + np.arange(0, 8 * DAY_S, 60.0)
    bad = 0
    for model in models:
        frames = model.frames(t)
        assert np.array_equal(np.isnan(frames.values), frames.quality >= BAD_SENSOR)
        bad += int((frames.quality >= BAD_SENSOR).sum())
    assert 0 < bad < 0.002 * len(t) * sum(len(model.plan.points) for model in models)


def test_outages_are_rare_and_short(models: list[GatewayModel]) -> None:
    outages = [o for model in models for o in model.troubles.outages(START, START + 30 * DAY_S)]
    assert 5 < len(outages) < 80
    assert all(60 <= end - begin <= 13 * 60 for begin, end in outages)
