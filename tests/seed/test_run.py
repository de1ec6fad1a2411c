"""The demo city in the database."""

from __future__ import annotations

import stat
from collections import Counter
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from backend.db import raw_pool
from backend.domains.accounts.models import Person
from backend.domains.accounts.passwords import fits
from backend.domains.alarms.models import Alarm, AlarmEvent
from backend.domains.commitments.content import read_content
from backend.domains.commitments.models import Commitment, CommitmentVersion
from backend.domains.commitments.rules import fault_of_content, fault_of_signature
from backend.domains.enterprises.models import Enterprise, MajorHazard, Tank
from backend.domains.enterprises.rules import is_code, is_uscc
from backend.domains.media.models import Photo
from backend.domains.monitoring.models import Gateway, Layout, LimitSet, Point
from backend.domains.monitoring.rules import LimitValues, what_is_wrong_with_limits, what_is_wrong_with_range
from backend.domains.passports.models import LimitProposal, LimitProposalStep
from backend.domains.permits.models import WorkReport
from backend.domains.permits.rules import fault_of_grade, fault_of_hours
from backend.domains.risk.models import RiskState
from backend.errors import Invalid
from backend.kit import audit
from backend.kit.clock import plant_day
from backend.seed.run import demo_sign_ins, run_seed
from backend.seed.signing import FIRST_SIGNING
from backend.simulator.city import make_city
from backend.simulator.city.places import PLACES
from backend.simulator.credentials import read_gateways, read_sign_ins
from tests.seed.conftest import Seeded

pytestmark = pytest.mark.anyio


async def test_the_city_is_of_a_believable_size(seeded: Seeded) -> None:
    enterprises = await Enterprise.all()
    assert len(enterprises) >= 24
    assert {each.adcode for each in enterprises} == set(PLACES)
    assert all(is_code(each.code) and is_uscc(each.uscc or "") and each.initials for each in enterprises)
    assert {each.grade for each in await MajorHazard.all()} == {1, 2, 3, 4}
    assert 1_400 <= await Point.all().count() <= 1_700
    assert await Tank.all().count() > 150
    roles = Counter([str(person.role) for person in await Person.all()])
    assert roles["district_regulator"] == len(PLACES)
    assert roles["main_responsible"] == roles["safety_officer"] == roles["enterprise_operator"] == len(enterprises)
    assert roles["city_regulator"] == roles["administrator"] == roles["safety_expert"] == 1
    assert any("enterprises" in line for line in seeded.told)
    assert any(line.endswith("100 %") for line in seeded.told)


async def test_the_hours_are_those_of_the_frames(seeded: Seeded) -> None:
    async with raw_pool().acquire() as con:
        until = await con.fetchval("select rolled_until from rollup_progress")
        assert seeded.made_at - timedelta(hours=1, minutes=5) <= until <= seeded.made_at
        hours, odd = await con.fetchrow(
            """select count(*),
                      count(*) filter (where (h.min, h.max, h.n) is distinct from (r.min[2], r.max[2], r.n[2]))
               from (select gateway_id, layout_id, date_trunc('hour', t) as hour, count(v[2]) as n,
                            min(v[2]) filter (where coalesce(q[2], 0) not in (4, 5, 6, 7, 8, 9, 11)) as min,
                            max(v[2]) filter (where coalesce(q[2], 0) not in (4, 5, 6, 7, 8, 9, 11)) as max
                     from frame where t < $1 group by 1, 2, 3) h
               left join rollup_hour r using (gateway_id, layout_id, hour)""",
            until,
        )
        assert hours == await con.fetchval("select count(*) from rollup_hour")
        assert (hours > 10_000, odd) == (True, 0)


async def test_proposals_of_limits_wait_for_each_role(seeded: Seeded) -> None:
    states = Counter([str(proposal.state) for proposal in await LimitProposal.all()])
    signed = await LimitProposal.filter(reason=FIRST_SIGNING).count()
    assert signed > 200
    assert states == {"proposed": 2, "verified": 1, "approved": 1 + signed, "rejected": 1}
    approved = await LimitProposal.exclude(reason=FIRST_SIGNING).get(state="approved")
    assert await LimitSet.filter(proposal_id=approved.id).count() >= 3
    photos = {photo.id for photo in await Photo.all()}
    steps = await LimitProposalStep.filter(state="verified")
    assert len(steps) == signed + 2
    assert all(step.signature and step.basis and step.lon and UUID(str(step.photo_ids[0])) in photos for step in steps)
    assert await audit.first_broken() is None


async def test_points_and_limits_pass_the_rules_of_their_domain(seeded: Seeded) -> None:
    points = {point.id: point for point in await Point.all()}
    for point in points.values():
        assert what_is_wrong_with_range(point.kind, point.unit, point.range_lo, point.range_hi) is None, point.tag
    versions = Counter[int]()
    for limits in await LimitSet.all():
        values = LimitValues(limits.limit_ll, limits.limit_l, limits.limit_h, limits.limit_hh)
        point = points[limits.point_id]
        assert what_is_wrong_with_limits(point.kind, values, point.range_lo, point.range_hi) is None, point.tag
        assert limits.author_name
        assert limits.reason
        assert limits.basis
        assert limits.effective_from < seeded.made_at - timedelta(days=30)
        versions[limits.point_id] += 1
    assert set(versions) == set(points)
    assert max(versions.values()) > 1


async def test_layouts_run_along_the_points(seeded: Seeded) -> None:
    points = {point.id: point for point in await Point.all()}
    for gateway in await Gateway.all():
        layout = await Layout.get(gateway_id=gateway.id)
        assert gateway.layout == layout.number
        assert [points[number].tag for number in layout.point_ids] == layout.tags
        assert {points[number].gateway_id for number in layout.point_ids} == {gateway.id}


async def test_frames_fill_the_month_and_end_now(seeded: Seeded) -> None:
    con = raw_pool()
    rows = await con.fetch(
        """select f.gateway_id, count(*) as frames, min(f.t) as first, max(f.t) as last,
                  max(cardinality(f.v)) as longest, min(cardinality(f.v)) as shortest,
                  max(g.last_frame_at) as known, max(cardinality(l.tags)) as tags,
                  count(*) filter (where f.t > $1::timestamptz - interval '1 day') as of_last_day
           from frame f join gateway g on g.id = f.gateway_id join layout l on l.id = f.layout_id
           group by f.gateway_id""",
        seeded.made_at,
    )
    assert len(rows) == await Gateway.all().count()
    for row in rows:
        assert row["frames"] > 3_000
        assert row["of_last_day"] >= 1_430
        assert row["longest"] == row["shortest"] == row["tags"]
        assert row["known"] == row["last"]
        assert timedelta(0) <= seeded.made_at - row["last"] < timedelta(minutes=3)
        assert row["first"] < seeded.made_at - timedelta(days=29)
    holes = await con.fetchval(
        """select max(t - before) from (
               select gateway_id, t, lag(t) over (partition by gateway_id order by t) as before from frame
           ) f where not exists (
               select from data_gap d where d.gateway_id = f.gateway_id and d.missing > 0 and d.ended_at > f.before
                   and d.began_at < f.t)"""
    )
    assert holes <= timedelta(minutes=30, seconds=10), "two instants closer than that are one"
    assert await con.fetchval("select count(*) from frame where received_at < t") == 0
    late = await con.fetchval("select count(*) from frame where late")
    assert late == await con.fetchval("select count(*) from frame where received_at - t > interval '60 s'")


async def test_alarms_of_the_month_are_closed_and_their_lives_are_whole(seeded: Seeded) -> None:
    alarms = await Alarm.all()
    assert 150 < len(alarms) < 900
    lives: dict[object, list[AlarmEvent]] = {alarm.id: [] for alarm in alarms}
    for event in await AlarmEvent.all().order_by("id"):
        lives[event.alarm_id].append(event)
    for alarm in alarms:
        assert alarm.cleared_at is not None
        assert alarm.raised_at < alarm.cleared_at < seeded.made_at
        assert alarm.level is None
        assert alarm.notified_level is not None, "nobody is rung for history"
        words = [str(event.kind) for event in lives[alarm.id]]
        assert words[0] == "raised"
        assert words.count("cleared") == 1
        assert ("worsened" in words) == (alarm.worst_level > alarm.start_level)
        assert ("acknowledged" in words) == (alarm.acknowledged_at is not None)
    acknowledged = sum(alarm.acknowledged_at is not None for alarm in alarms)
    assert acknowledged > 0.9 * len(alarms)
    assert {alarm.worst_level for alarm in alarms} == {1, 2}


async def test_a_frame_beside_each_alarm_shows_it(seeded: Seeded) -> None:
    """The trend that is drawn beside an alarm has the excursion in it, from before it began."""
    alarms = await Alarm.all().order_by("raised_at").limit(80)
    for alarm in alarms:
        seen = await raw_pool().fetchval(
            """select max(abs(f.v[array_position(l.point_ids, $1)] - $2)) is not null
                      and bool_or(case when $3 = 'high' then f.v[array_position(l.point_ids, $1)] >= $2
                                       else f.v[array_position(l.point_ids, $1)] <= $2 end)
               from frame f join layout l on l.id = f.layout_id
               where f.gateway_id = $4 and f.t between $5 and $6""",
            alarm.point_id,
            alarm.limit_value,
            str(alarm.side.value),
            alarm.gateway_id,
            alarm.raised_at - timedelta(minutes=2),
            alarm.cleared_at,
        )
        assert seen, alarm


async def test_commitments_pass_the_rules_of_their_domain(seeded: Seeded) -> None:
    days = {day.id: day for day in await Commitment.all()}
    zone = seeded.settings.plant_zone
    today = plant_day(seeded.made_at, zone)
    assert len(days) > 0.9 * 30 * 30
    assert {day.commit_on for day in days.values()} >= {today - timedelta(days=n) for n in range(1, 31)}
    assert max(day.commit_on for day in days.values()) <= today
    visitor = await Enterprise.get(code=make_city().visitor.code)
    own = {day.commit_on for day in days.values() if day.enterprise_id == visitor.id}
    assert today - timedelta(days=1) in own or today - timedelta(days=2) in own
    assert today not in own, "today is left to the visitor"
    assert 0 < sum(not day.on_time for day in days.values()) < 0.1 * len(days)
    for version in await CommitmentVersion.all():
        day = days[version.commitment_id]
        assert fault_of_content(read_content(version.content)) is None
        assert fault_of_signature(version.signature) is None
        assert version.filed_at == day.first_filed_at
        assert plant_day(version.filed_at, zone) == day.commit_on
        assert day.on_time == (day.late_reason is None) == (version.filed_at <= day.due_at)


async def test_work_reports_pass_the_rules_of_their_domain(seeded: Seeded) -> None:
    reports = await WorkReport.all()
    today = plant_day(seeded.made_at, seeded.settings.plant_zone)
    assert len(reports) > 600
    for report in reports:
        assert fault_of_grade(report.kind, report.grade) is None
        assert (
            fault_of_hours(report.kind, report.grade, report.planned_from, report.planned_to, report.filed_at) is None
        )
        assert report.filed_at <= seeded.made_at + timedelta(minutes=1)
        assert report.planned_on <= today + timedelta(days=1)
    numbers = Counter((report.enterprise_id, report.planned_on, report.number) for report in reports)
    assert max(numbers.values()) == 1


async def test_the_people_can_sign_in_with_the_printed_password(seeded: Seeded) -> None:
    printed = demo_sign_ins(seeded.settings)
    roles = {str((await Person.get(username=username)).role) for username, _, _ in printed}
    assert len(roles) == 7
    username, password, words = printed[0]
    assert await fits(password, (await Person.get(username=username)).password_hash)
    assert words
    for name in ("demo-sign-ins.json", "demo-gateways.json"):
        assert stat.S_IMODE((seeded.settings.data_dir / name).stat().st_mode) == 0o600
    assert set(read_gateways(seeded.settings.data_dir)) == {gateway.code for gateway in await Gateway.all()}


async def test_every_hazard_is_scored_and_none_is_blind(seeded: Seeded) -> None:
    states = await RiskState.all()
    assert len(states) == await MajorHazard.all().count()
    assert all(state.parts["dq"] < 5 for state in states), "instruments send, gateways are there"
    assert all(state.dark_since is None for state in states)


async def test_audit_chain_holds(seeded: Seeded) -> None:
    assert await audit.first_broken() is None


async def test_a_second_run_changes_nothing(seeded: Seeded) -> None:
    con = raw_pool()
    tables = ("enterprise", "person", "point", "limit_set", "gateway", "alarm", "alarm_event", "frame", "audit")
    before = [await con.fetchval(f"select count(*) from {table}") for table in tables]
    files = [(seeded.settings.data_dir / name).read_bytes() for name in ("demo-sign-ins.json", "demo-gateways.json")]
    assert not await run_seed(seeded.settings, seeded.told.append)
    assert [await con.fetchval(f"select count(*) from {table}") for table in tables] == before
    assert files == [
        (seeded.settings.data_dir / name).read_bytes() for name in ("demo-sign-ins.json", "demo-gateways.json")
    ]


async def test_lost_files_and_a_new_password_are_mended(seeded: Seeded) -> None:
    settings = msgspec.structs.replace(seeded.settings, demo_password="seven quiet herons")
    old = read_gateways(settings.data_dir)
    (settings.data_dir / "demo-gateways.json").unlink()
    assert not await run_seed(settings, seeded.told.append)
    assert read_gateways(settings.data_dir).keys() == old.keys()
    told = read_sign_ins(settings.data_dir)
    assert told is not None
    assert told.password == "seven quiet herons"
    assert await fits(told.password, (await Person.get(username="linzi")).password_hash)


async def test_a_password_that_holds_a_user_name_is_refused(seeded: Seeded) -> None:
    settings = msgspec.structs.replace(seeded.settings, demo_password="my velocity is fine")
    with pytest.raises(Invalid, match="city"):
        await run_seed(settings, seeded.told.append)
