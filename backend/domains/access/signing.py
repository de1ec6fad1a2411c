"""Which tanks and detectors have signed limits: what is in force was verified on site by an expert and approved."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from uuid import UUID

import msgspec
from tortoise.connection import get_connection

from backend.domains.access.enums import PlaceKind, WhyUnsigned
from backend.domains.access.rules import SIGNED_KINDS, why_unsigned

KINDS = ", ".join(f"'{kind.value}'" for kind in SIGNED_KINDS)
# Every tank and detector of the enterprises in `seat`, with how many points there are to be signed and how many are.
# $2 = now. `placed` holds the points in use. No outside text is in it.
PLACES = f"""
in_force as (
    select distinct on (s.point_id) s.point_id, s.effective_from, q.id as proposal_id
    from limit_set s left join limit_proposal q
        on q.id = s.proposal_id and q.state = 'approved' and q.verified_by_id is not null
    where s.effective_from <= $2 and s.point_id in (select id from placed)
    order by s.point_id, s.version desc
), standing as (
    select 'tank' as place, t.id as place_id, t.enterprise_id, t.hazard_id, t.code, t.name from tank t
    where t.enterprise_id in (select enterprise_id from seat)
    union all
    select 'detector', d.id, d.enterprise_id, d.hazard_id, d.code, d.name from gas_detector d
    where d.enterprise_id in (select enterprise_id from seat)
), places as (
    select n.place, n.place_id, n.enterprise_id, n.hazard_id, n.code, n.name, count(p.id) as points,
           count(f.point_id) as limited, count(f.proposal_id) as signed, max(f.effective_from) as since,
           (array_agg(f.proposal_id order by f.effective_from desc nulls last))[1] as last_proposal,
           array_agg(p.id) filter (where f.proposal_id is null) as unsigned_points,
           count(p.id) > 0 and count(f.proposal_id) = count(p.id) as is_signed
    from standing n
    left join placed p on p.kind in ({KINDS})
        and (n.place = 'tank' and p.tank_id = n.place_id or n.place = 'detector' and p.detector_id = n.place_id)
    left join in_force f on f.point_id = p.id
    group by n.place, n.place_id, n.enterprise_id, n.hazard_id, n.code, n.name
)"""  # noqa: S608 - made of our own words.

UNSIGNED = f"""
with seat as (
    select $1::uuid as enterprise_id
), placed as (
    select id, kind, tank_id, detector_id from point where active and enterprise_id = $1
), {PLACES}, coming as (
    select distinct s.point_id from limit_set s join limit_proposal q on q.id = s.proposal_id and q.state = 'approved'
    where s.effective_from > $2 and s.point_id in (select id from placed)
), waiting as (
    select l.point_id, max(q.state) as state from limit_proposal q join limit_proposal_line l on l.proposal_id = q.id
    where q.enterprise_id = $1 and q.state in ('proposed', 'verified') group by l.point_id
)
select k.place, k.place_id, k.hazard_id, k.code, k.name, k.points, k.limited,
       (select count(*) from coming c where c.point_id = any(k.unsigned_points)) as coming,
       (select max(w.state) from waiting w where w.point_id = any(k.unsigned_points)) as waiting
from places k where not k.is_signed
order by k.place desc, k.code
"""  # noqa: S608 - as above.


class Unsigned(msgspec.Struct, frozen=True):
    """A tank or detector whose limits are not signed, and why."""

    kind: PlaceKind
    id: UUID
    code: str
    name: str
    why: WhyUnsigned


async def unsigned_places(enterprise_id: UUID, now: datetime) -> dict[UUID | None, list[Unsigned]]:
    """What is not signed at an enterprise by hazard, tanks first; under None all of it, for an enterprise without
    hazards. Whoever asks has checked that it is visible.
    """
    rows = await get_connection("default").execute_query_dict(UNSIGNED, [enterprise_id, now])
    found: dict[UUID | None, list[Unsigned]] = defaultdict(list)
    for row in rows:
        why = why_unsigned(row["points"], row["limited"], row["coming"], row["waiting"])
        place = Unsigned(PlaceKind(row["place"]), row["place_id"], row["code"], row["name"], why)
        found[None].append(place)
        if row["hazard_id"] is not None:
            found[row["hazard_id"]].append(place)
    return found
