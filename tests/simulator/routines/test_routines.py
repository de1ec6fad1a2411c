"""What people do on a day."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from backend.simulator.city import City, make_city
from backend.simulator.routines import answer_to, morning_of, signature_of, works_of
from backend.simulator.routines.mornings import DUE, LATE_REASONS, OPENS
from backend.simulator.routines.works import JOBS, ZONE

MONDAY = date(2026, 11, 23)
MONTH = [MONDAY + timedelta(days=n) for n in range(28)]


@pytest.fixture(scope="module")
def city() -> City:
    return make_city()


def test_a_day_is_the_same_however_often_it_is_asked(city: City) -> None:
    assert works_of(city.visitor, MONDAY, 1) == works_of(city.visitor, MONDAY, 1)
    assert morning_of(city.visitor, MONDAY, 1) == morning_of(city.visitor, MONDAY, 1)
    assert works_of(city.visitor, MONDAY, 1) != works_of(city.visitor, MONDAY + timedelta(days=1), 1)


def test_most_file_in_time_some_late_and_few_not_at_all(city: City) -> None:
    ways: Counter[str] = Counter()
    for enterprise in city.enterprises:
        for day in MONTH:
            morning = morning_of(enterprise, day, 1)
            if morning.filed_at is None:
                ways["never"] += 1
                assert morning.late_reason is None
                continue
            local = morning.filed_at.astimezone(ZONE)
            assert local.date() == day
            assert local.time() >= OPENS
            in_time = local.time() <= DUE
            assert in_time == (morning.late_reason is None)
            ways["in time" if in_time else "late"] += 1
    total = sum(ways.values())
    assert ways["in time"] / total > 0.9
    assert 0.01 < ways["late"] / total < 0.07
    assert 0 < ways["never"] / total < 0.04


def test_other_reasons_are_explained() -> None:
    assert all(len(note) >= 10 for reason, _, note in LATE_REASONS if reason == "other")


def test_units_add_up(city: City) -> None:
    for enterprise in city.enterprises:
        for day in MONTH:
            morning = morning_of(enterprise, day, 1)
            assert morning.units_stopped + morning.units_maintenance <= enterprise.units_total


def test_every_kind_of_work_is_seen_and_weekends_are_quiet(city: City) -> None:
    works = {day: [w for e in city.enterprises for w in works_of(e, day, 1)] for day in MONTH}
    assert {work.kind for day in works.values() for work in day} == {job.kind for job in JOBS}
    weekdays = [len(found) for day, found in works.items() if day.weekday() < 5]
    weekends = [len(found) for day, found in works.items() if day.weekday() >= 5]
    assert sum(weekdays) / len(weekdays) > 2 * sum(weekends) / len(weekends)
    assert any(work.cancelled_at for day in works.values() for work in day)
    assert any(work.contractor for day in works.values() for work in day)


def test_work_is_announced_before_it_begins(city: City) -> None:
    for enterprise in city.enterprises:
        for work in works_of(enterprise, MONDAY, 1):
            assert work.told_at < work.planned_from < work.planned_to
            assert work.cancelled_at is None or work.told_at < work.cancelled_at < work.planned_from


def test_graver_alarms_are_answered_sooner() -> None:
    slight = sorted(answer_to(n, 1).after_s for n in range(400))
    grave = sorted(answer_to(n, 2).after_s for n in range(400))
    assert grave[200] < slight[200]
    assert min(grave) >= 15
    assert max(slight) > 3600, "now and then somebody sleeps"
    assert answer_to("x", 2) == answer_to("x", 2)


def test_a_signature_belongs_to_a_name() -> None:
    assert signature_of("陈国栋") == signature_of("陈国栋") != signature_of("周启明")
    assert signature_of("陈国栋").startswith("M ")
