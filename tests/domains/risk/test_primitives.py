from __future__ import annotations

import pytest

from backend.domains.risk.primitives import amp, clip, comb, dec, sat, share, topsum


@pytest.mark.parametrize(
    ("t", "grown", "left"), [(-5.0, 0.0, 1.0), (0.0, 0.0, 1.0), (12.0, 0.5, 0.5), (24.0, 0.75, 0.25), (1e9, 1.0, 0.0)]
)
def test_growth_and_fading_halve_at_the_half_life(t: float, grown: float, left: float) -> None:
    assert sat(t, 12.0) == pytest.approx(grown)
    assert dec(t, 12.0) == pytest.approx(left)


def test_clip_holds_between_its_bounds() -> None:
    assert [clip(x, 0.0, 1.0) for x in (-3.0, 0.4, 7.0)] == [0.0, 0.4, 1.0]


def test_what_each_strength_adds_sums_to_the_combination() -> None:
    value, added = comb([0.5, 0.0, 0.5, 1.0, 0.3])
    assert value == 1.0
    assert added == [0.5, 0.0, 0.25, 0.25, 0.0]


def test_amplifying_a_combination_is_combining_the_amplified() -> None:
    strengths = [0.1, 0.35, 0.02]
    assert amp(comb(strengths)[0], 1.16) == pytest.approx(comb([amp(a, 1.16) for a in strengths])[0], abs=1e-15)


def test_many_yellows_are_no_red_but_many_oranges_almost() -> None:
    assert topsum([(str(i), 0.28) for i in range(500)], 0.5, 8)[0] == pytest.approx(0.46, abs=0.005)
    assert topsum([(str(i), 0.50) for i in range(500)], 0.5, 8)[0] == pytest.approx(0.71, abs=0.005)


def test_the_worst_counts_in_full_and_ties_rank_by_id() -> None:
    value, added = topsum([("b", 0.4), ("c", 0.1), ("a", 0.4)], 0.5, 2)
    assert added == [pytest.approx(0.2 * 0.6), 0.0, 0.4]
    assert value == pytest.approx(0.52)


def test_share_keeps_proportions_and_gives_nothing_for_nothing() -> None:
    assert share(10.0, [1.0, 3.0]) == [2.5, 7.5]
    assert share(10.0, [0.0, 0.0]) == [0.0, 0.0]
