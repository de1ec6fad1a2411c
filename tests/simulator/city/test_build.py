"""The demo city as data."""

from __future__ import annotations

from collections import Counter

import pytest

from backend.simulator.city import City, make_city
from backend.simulator.city.codes import grade, is_uscc, r_value, ratio_sum
from backend.simulator.city.places import PLACES


@pytest.fixture(scope="module")
def city() -> City:
    return make_city()


def test_same_seed_gives_the_same_city(city: City) -> None:
    make_city.cache_clear()
    assert make_city() == city
    assert make_city(7) != city


def test_every_area_has_an_enterprise_and_linzi_and_huantai_most(city: City) -> None:
    areas = Counter(enterprise.adcode for enterprise in city.enterprises)
    assert len(city.enterprises) >= 24
    assert set(areas) == set(PLACES)
    assert [code for code, _ in areas.most_common(2)] == ["370305", "370321"]


def test_codes_are_valid_and_no_two_alike(city: City) -> None:
    for enterprise in city.enterprises:
        assert len(enterprise.code) == 9
        assert enterprise.code.isdigit()
        assert is_uscc(enterprise.uscc)
        assert enterprise.uscc[2:8] == PLACES[enterprise.adcode].registered
    for codes in (
        [e.code for e in city.enterprises],
        [e.uscc for e in city.enterprises],
        [h.code for e in city.enterprises for h in e.hazards],
        [g.code for e in city.enterprises for g in e.gateways],
        [p.username for e in city.enterprises for p in e.people] + [p.username for p in city.officials],
    ):
        assert len(set(codes)) == len(codes)


def test_tags_and_instruments_are_unique_within_an_enterprise(city: City) -> None:
    for enterprise in city.enterprises:
        tags = [point.tag for gateway in enterprise.gateways for point in gateway.points]
        assert len(set(tags)) == len(tags)
        for gateway in enterprise.gateways:
            for point in gateway.points:
                assert (point.tank in enterprise.tanks) != (point.detector in enterprise.detectors)


def test_hazards_are_major_and_graded_by_what_stands_in_them(city: City) -> None:
    for enterprise in city.enterprises:
        for hazard in enterprise.hazards:
            stock = [(0.9 * t.volume_m3 * t.medium.density, t.medium.threshold_t, t.medium.beta) for t in hazard.tanks]
            assert ratio_sum((q, threshold) for q, threshold, _ in stock) >= 1, hazard
            assert hazard.r_value == pytest.approx(r_value(stock, enterprise.residents_500m), abs=0.01)
            assert hazard.grade == grade(hazard.r_value)
    assert {h.grade for e in city.enterprises for h in e.hazards} == {1, 2, 3, 4}


def test_limits_stand_in_order_and_inside_the_range(city: City) -> None:
    points = [point for e in city.enterprises for g in e.gateways for point in g.points]
    assert 1_400 <= len(points) <= 1_700
    for point in points:
        for version in point.limits:
            given = [x for x in (version.ll, version.l, version.h, version.hh) if x is not None]
            assert given, point.tag
            assert given == sorted(set(given)), point.tag
            assert point.range_lo <= given[0], point.tag
            assert given[-1] <= point.range_hi, point.tag
        ages = [version.age_days for version in point.limits]
        assert ages == sorted(ages, reverse=True)
        assert ages[-1] > 31, "all limits are in force through the month of history"


def test_each_role_has_its_people(city: City) -> None:
    for enterprise in city.enterprises:
        roles = Counter(person.role for person in enterprise.people)
        assert roles == {"enterprise_operator": 1, "safety_officer": 1, "main_responsible": 1}
    assert {p.username for p in city.visitor.people} == {"operator", "officer", "head"}
    watched = {person.adcode for person in city.officials if person.role == "district_regulator"}
    assert watched == set(PLACES)
    assert {"linzi", "city", "admin"} <= {person.username for person in city.officials}


def test_names_are_of_all_lengths_and_no_two_alike(city: City) -> None:
    names = [enterprise.name for enterprise in city.enterprises]
    assert len(set(names)) == len(names)
    assert any("分公司" in name and len(name) > 20 for name in names)
    assert all(len(enterprise.short_name) <= 10 for enterprise in city.enterprises)
