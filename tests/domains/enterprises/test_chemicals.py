"""Reference data: chemicals, classes, processes."""

from __future__ import annotations

import pytest

from backend.domains.enterprises.chemicals import CHEMICALS, find_chemical, is_cas
from backend.domains.enterprises.hazard_classes import CLASSES
from backend.domains.enterprises.processes import PROCESSES
from backend.simulator.city.media import MEDIA


def test_every_chemical_is_usable() -> None:
    names = [name for chemical in CHEMICALS.values() for name in (chemical.name, *chemical.aliases)]
    assert len(names) == len(set(names)) > 50
    for chemical in CHEMICALS.values():
        assert is_cas(chemical.cas) or chemical.name == "煤气", chemical.name
        assert chemical.threshold_t > 0
        assert chemical.beta >= 1
        assert not chemical.hazard_class or chemical.hazard_class in CLASSES
        assert chemical.lel_vol_pct is None or 0 < chemical.lel_vol_pct <= 20


def test_no_two_chemicals_share_a_cas_number() -> None:
    numbers = [chemical.cas for chemical in CHEMICALS.values() if chemical.cas]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("name", MEDIA)
def test_the_demo_city_counts_its_media_by_the_same_figures(name: str) -> None:
    chemical = find_chemical(name)
    assert chemical is not None
    assert (chemical.threshold_t, chemical.beta) == (MEDIA[name].threshold_t, MEDIA[name].beta)


@pytest.mark.parametrize(
    ("name", "cas", "found"),
    [
        ("液氨", "", "氨"),
        (" 氨 ", "", "氨"),
        ("合成氨成品", "7664-41-7", "氨"),
        ("某物", "", None),
        ("LNG", "", "甲烷"),
    ],
)
def test_a_chemical_is_found_by_name_alias_or_number(name: str, cas: str, found: str | None) -> None:
    chemical = find_chemical(name, cas)
    assert (chemical.name if chemical else None) == found


@pytest.mark.parametrize(
    ("name", "ppm"), [("硫化氢", 7.2), ("氯", 0.34), ("氨", 43), ("煤气", 26)]
)  # The worked figures of standards 5.3.
def test_occupational_limits_in_ppm(name: str, ppm: float) -> None:
    limit = CHEMICALS[name].oel_ppm
    assert limit == pytest.approx(ppm, rel=0.02)


@pytest.mark.parametrize(
    ("text", "fits"),
    [("7732-18-5", True), ("71-43-2", True), ("71-43-3", False), ("71432", False), ("", False), ("a-43-2", False),
     ("７１-43-2", False), ("71-43-2-1", False)],
)  # fmt: skip
def test_cas_numbers_carry_a_check_digit(text: str, fits: bool) -> None:
    assert is_cas(text) is fits


def test_the_eighteen_processes() -> None:
    assert len(PROCESSES) == 18
    assert all(process.parameters for process in PROCESSES.values())
    assert list(PROCESSES)[9] == "E15010"
