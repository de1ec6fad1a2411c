"""The statements of the sweep, each for all gateways at once."""

from __future__ import annotations

# Losses that no record stands for. A silence begins with the last frame that had come by then, and not before the
# gateway's last return: what came later under an earlier time is backfill.
NEW_SILENCES = """
select e.id as lost_event_id, e.gateway_id, g.enterprise_id, en.adcode,
       coalesce(greatest(b.t, p.at), e.at) as began_at
from gateway_event e
join gateway g on g.id = e.gateway_id
join enterprise en on en.id = g.enterprise_id
left join lateral (
    select f.t from frame f
    where f.gateway_id = e.gateway_id and f.t <= e.at and f.t > e.at - interval '8 days' and f.received_at <= e.at
    order by f.t desc limit 1
) b on true
left join lateral (
    select max(r.at) as at from gateway_event r
    where r.gateway_id = e.gateway_id and r.kind = 'returned' and r.at <= e.at and r.id < e.id
) p on true
where e.kind = 'lost' and e.at > $1 and not exists (select from data_gap d where d.lost_event_id = e.id)
order by e.id limit $2
"""

# Numbers that are missing because of a silence belong to its record.
ATTACH_NUMBERS = """
update data_gap d set frame_gap_id = x.frame_gap_id, missing = x.missing
from (
    select distinct on (s.id) s.id, f.id as frame_gap_id, f.missing
    from frame_gap f
    join data_gap s on s.gateway_id = f.gateway_id and s.kind = 'silent' and s.frame_gap_id is null
        and s.filled_at is null and s.began_at <= f.opened_at
        and (s.ended_at is null or s.ended_at >= f.opened_at - interval '2 minutes')
    where f.opened_at > $1 and not exists (select from data_gap k where k.frame_gap_id = f.id)
    order by s.id, f.id
) x
where d.id = x.id
returning d.id
"""

# Other missing numbers. When they were measured is told by the frames on either side, where those still stand.
NEW_NUMBER_GAPS = """
select f.id as frame_gap_id, f.gateway_id, g.enterprise_id, en.adcode, f.missing, f.closed_at as filled_at,
       coalesce(b.t, f.opened_at) as began_at,
       greatest(coalesce(a.t, f.opened_at), coalesce(b.t, f.opened_at)) as ended_at
from frame_gap f
join gateway g on g.id = f.gateway_id
join enterprise en on en.id = g.enterprise_id
left join lateral (
    select r.t from frame r
    where r.gateway_id = f.gateway_id and r.t > f.opened_at - interval '1 day'
        and r.t <= f.opened_at + interval '1 minute'
        and r.n = f.from_n - 1
    order by r.t desc limit 1
) b on true
left join lateral (
    select r.t from frame r
    where r.gateway_id = f.gateway_id and r.t > f.opened_at - interval '1 day'
        and r.t <= f.opened_at + interval '1 minute'
        and r.n = f.to_n + 1
    order by r.t desc limit 1
) a on true
where f.opened_at > $1 and not exists (select from data_gap d where d.frame_gap_id = f.id)
order by f.id limit $2
"""

# A silence ends with the gateway's return, or when the gateway was shut out for good.
ENDED = """
update data_gap d set ended_at = greatest(x.at, d.began_at)
from (
    select s.id, coalesce(r.at, case when not g.active then g.updated_at end) as at
    from data_gap s
    join gateway g on g.id = s.gateway_id
    left join lateral (
        select min(e.at) as at from gateway_event e
        where e.gateway_id = s.gateway_id and e.kind = 'returned' and e.id > s.lost_event_id
    ) r on true
    where s.kind = 'silent' and s.ended_at is null
) x
where d.id = x.id and x.at is not null and x.at <= $1
returning d.id
"""

FILLED_BY_NUMBERS = """
update data_gap d set missing = f.missing, filled_at = f.closed_at
from frame_gap f
where f.id = d.frame_gap_id and d.filled_at is null
    and (f.missing is distinct from d.missing or f.closed_at is not null)
returning d.id
"""

# A silence of which no number tells is filled when no hole is left between the frames of its stretch.
FILLED_BY_FRAMES = """
update data_gap d set filled_at = $3
where d.kind = 'silent' and d.frame_gap_id is null and d.filled_at is null and d.ended_at > $1
    and (
        select max(hole) from (
            select m.t - lag(m.t) over (order by m.t) as hole from (
                select f.t from frame f where f.gateway_id = d.gateway_id and f.t > d.began_at and f.t < d.ended_at
                union all select d.began_at union all select d.ended_at
            ) m
        ) holes
    ) <= $2::interval
returning d.id
"""

# The stop that covers the beginning of a gap; the deadline counts from the end of that stop, or from when its people
# said that it was over. A deadline that somebody moved stays as they set it.
COVER_BY_STOPS = """
update data_gap d set filing_id = x.stop_id, filed_until = x.until, cause = coalesce(d.cause, x.cause),
    due_at = case when exists (select from gap_change c where c.gap_id = d.id and c.kind = 'deadline') then d.due_at
                  else greatest(d.opened_at, x.until) + $2::interval end
from (
    select g.id, s.id as stop_id, s.cause, s.until
    from data_gap g
    join lateral (
        select o.id, o.cause, least(coalesce(o.closed_at, o.ends_at), o.ends_at) as until from offline_filing o
        where o.enterprise_id = g.enterprise_id
            and (o.scope = 'enterprise' or (o.scope = 'gateway' and o.gateway_id = g.gateway_id))
            and o.ending is distinct from 'withdrawn' and o.starts_at <= g.began_at + $1::interval
            and least(coalesce(o.closed_at, o.ends_at), o.ends_at) >= g.began_at
        order by o.filed_late, o.filed_at limit 1
    ) s on true
    where g.closed_at is null
) x
where d.id = x.id and (d.filing_id is distinct from x.stop_id or d.filed_until is distinct from x.until)
returning d.id
"""

TO_CLOSE = """
select d.id, d.ended_at, d.filled_at, d.explained_at, d.note, d.filed_until, s.filed_late
from data_gap d left join offline_filing s on s.id = d.filing_id
where d.closed_at is null and d.ended_at is not null
    and (d.filled_at is not null or d.explained_at is not null or d.filing_id is not null)
order by d.began_at limit 500
"""
