"""What the system sees of each line of the ledger: one statement for all hazards in view."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from tortoise.connection import get_connection

from backend.domains.access.rules import Facts
from backend.domains.access.signing import PLACES
from backend.domains.accounts.viewer import Viewer

# A line for each major hazard, and one for each enterprise that has none, which holds all its points. A point is sent
# where a layout that its gateway told names it and the gateway has sent frames.
LINES = f"""
with seat as (
    select e.id as enterprise_id, e.adcode, e.code as enterprise_code, e.short_name,
           h.id as hazard_id, h.name as hazard_name, h.code as hazard_code, h.grade
    from enterprise e left join major_hazard h on h.enterprise_id = e.id
    where e.active and {{scope}} and ($3::text[] is null or e.adcode = any($3)) and ($4::uuid is null or e.id = $4)
), placed as (
    select p.id, p.kind, p.gateway_id, p.enterprise_id, t.id as tank_id, d.id as detector_id,
           coalesce(t.hazard_id, d.hazard_id) as hazard_id
    from point p left join tank t on t.id = p.tank_id left join gas_detector d on d.id = p.detector_id
    where p.active and p.enterprise_id in (select enterprise_id from seat)
), told as (
    select distinct l.gateway_id, x.point_id from layout l cross join lateral unnest(l.point_ids) as x(point_id)
    where l.gateway_id in (select gateway_id from placed)
), counted as (
    select s.enterprise_id, s.hazard_id, count(*) as points, count(distinct p.gateway_id) as gateways,
           count(distinct p.gateway_id) filter (where g.last_frame_at is not null) as heard,
           count(*) filter (where g.last_frame_at is not null and told.point_id is not null) as points_seen,
           count(*) filter (where limited.point_id is not null) as points_limited,
           count(distinct p.tank_id) as tanks_measured, count(distinct p.detector_id) as detectors_measured
    from seat s
    join placed p on p.enterprise_id = s.enterprise_id and (s.hazard_id is null or p.hazard_id = s.hazard_id)
    join gateway g on g.id = p.gateway_id and g.active
    left join told on told.gateway_id = p.gateway_id and told.point_id = p.id
    left join (select distinct point_id from limit_set where effective_from <= $2) limited on limited.point_id = p.id
    group by s.enterprise_id, s.hazard_id
), {PLACES}, signing as (
    select s.enterprise_id, s.hazard_id, count(*) filter (where k.is_signed and k.place = 'tank') as tanks_signed,
           count(*) filter (where k.is_signed and k.place = 'detector') as detectors_signed, max(k.since) as signed_at,
           (array_agg(k.last_proposal order by k.since desc nulls last))[1] as last_proposal
    from seat s
    join places k on k.enterprise_id = s.enterprise_id and (s.hazard_id is null or k.hazard_id = s.hazard_id)
    group by s.enterprise_id, s.hazard_id
)
select s.*, coalesce(c.points, 0) as points, coalesce(c.gateways, 0) as gateways, coalesce(c.heard, 0) as heard,
       coalesce(c.points_seen, 0) as points_seen, coalesce(c.points_limited, 0) as points_limited,
       coalesce(c.tanks_measured, 0) as tanks_measured, coalesce(c.detectors_measured, 0) as detectors_measured,
       (select count(*) from tank t where t.enterprise_id = s.enterprise_id
            and (s.hazard_id is null or t.hazard_id = s.hazard_id)) as tanks,
       (select count(*) from gas_detector d where d.enterprise_id = s.enterprise_id
            and (s.hazard_id is null or d.hazard_id = s.hazard_id)) as detectors,
       coalesce(g.tanks_signed, 0) as tanks_signed, coalesce(g.detectors_signed, 0) as detectors_signed, g.signed_at,
       (select person_name from limit_proposal_step where proposal_id = g.last_proposal and state = 'verified')
           as signed_by
from seat s
left join counted c on c.enterprise_id = s.enterprise_id and c.hazard_id is not distinct from s.hazard_id
left join signing g on g.enterprise_id = s.enterprise_id and g.hazard_id is not distinct from s.hazard_id
order by s.enterprise_code, s.hazard_code
"""  # noqa: S608 - made of our own words; the scope comes with its arguments.
FACTS = tuple(field.name for field in msgspec.structs.fields(Facts))


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the ledger with what the system sees of it; hazard None = an enterprise without major hazards.

    signed_at, signed_by: since when the last of its limits is in force, and who verified it; they say nothing of a line
    that is not signed.
    """

    enterprise_id: UUID
    enterprise_code: str
    short_name: str
    adcode: str
    hazard_id: UUID | None
    hazard_name: str | None
    grade: int | None
    facts: Facts
    signed_at: datetime | None
    signed_by: str


async def lines_in_view(
    viewer: Viewer, now: datetime, *, codes: Iterable[str] | None = None, enterprise_id: UUID | None = None
) -> list[Line]:
    """The lines of the enterprises a viewer may see, by enterprise and hazard."""
    condition, arguments = viewer.scope_sql(table="e")
    if viewer.is_enterprise:
        condition = "e.id = $1"
    rows = await get_connection("default").execute_query_dict(
        LINES.format(scope=condition), [*arguments, now, None if codes is None else sorted(codes), enterprise_id]
    )
    return [_line(row) for row in rows]


def _line(row: dict[str, Any]) -> Line:
    return Line(
        enterprise_id=row["enterprise_id"],
        enterprise_code=row["enterprise_code"],
        short_name=row["short_name"],
        adcode=row["adcode"],
        hazard_id=row["hazard_id"],
        hazard_name=row["hazard_name"],
        grade=row["grade"],
        facts=Facts(**{name: row[name] for name in FACTS}),
        signed_at=row["signed_at"],
        signed_by=row["signed_by"] or "",
    )
