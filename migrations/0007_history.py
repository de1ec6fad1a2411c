"""History in steps: hourly roll-ups, what of them must be made anew, and the days that were moved to files."""

from tortoise import migrations
from tortoise.migrations import operations as ops

ROLL_UPS = """
create table rollup_hour (
    gateway_id int not null,
    hour timestamptz not null,
    layout_id int not null,
    n int[] not null,
    usable int[] not null,
    good int[] not null,
    first_s smallint[] not null,
    last_s smallint[] not null,
    min real[] not null,
    max real[] not null,
    mean real[] not null,
    last real[] not null,
    primary key (gateway_id, hour, layout_id)
) partition by range (hour);
comment on table rollup_hour is 'One row for all points of a gateway over an hour; the arrays run along layout.point_ids.
 n: values that came; usable: those that are of the process; good: those of quality 0. min, max, mean, last are of the
 usable ones, first_s and last_s the seconds of the hour at which the first and the last of them were measured; null = none.';

create table rollup_slot (
    gateway_id int not null,
    slot timestamptz not null,
    layout_id int not null,
    n int[] not null,
    usable int[] not null,
    good int[] not null,
    first_s smallint[] not null,
    last_s smallint[] not null,
    min real[] not null,
    max real[] not null,
    mean real[] not null,
    last real[] not null,
    primary key (gateway_id, slot, layout_id)
) partition by range (slot);
comment on table rollup_slot is 'As rollup_hour, over five minutes; kept as long as the frames of its day.';

create function ensure_rollup(parent text, name text, first date, until date) returns void language plpgsql as $$
declare
    which text;
begin
    if to_regclass(name) is not null then
        return;
    end if;
    execute format(
        'create table if not exists %I partition of %I for values from (%L) to (%L)',
        name, parent, first::timestamp at time zone 'UTC', until::timestamp at time zone 'UTC');
    -- Kept in the row as long as it fits a page: one value of a year is then one read an hour, not two.
    foreach which in array array['n', 'usable', 'good', 'first_s', 'last_s', 'min', 'max', 'mean', 'last'] loop
        execute format('alter table %I alter column %I set storage main', name, which);
    end loop;
end $$;

create function ensure_rollup_month(day date) returns void language sql as $$
    select ensure_rollup('rollup_hour', 'rollup_hour_' || to_char(day, 'YYYYMM'),
                         date_trunc('month', day)::date, (date_trunc('month', day) + interval '1 month')::date)
$$;
create function ensure_slot_day(day date) returns void language sql as $$
    select ensure_rollup('rollup_slot', 'rollup_slot_' || to_char(day, 'YYYYMMDD'), day, day + 1)
$$;
comment on function ensure_rollup_month is 'Makes the partition of roll-ups of the month of a day; harmless when it exists.';

create table rollup_dirty (
    id bigint generated always as identity primary key,
    gateway_id int not null,
    hour timestamptz not null
);
create index rollup_dirty_by_gateway on rollup_dirty (gateway_id, hour);
comment on table rollup_dirty is 'Hours to be rolled up again, because frames came after they were over. Not unique on
 purpose: a mark is visible exactly when its frames are, and marking waits for nobody.';

create table rollup_progress (
    only_row boolean primary key default true check (only_row),
    rolled_until timestamptz not null,
    slots_since timestamptz not null
);
comment on table rollup_progress is 'All hours before rolled_until are rolled up, save those in rollup_dirty; the slots of
 five minutes from slots_since on.';
"""
NO_ROLL_UPS = """
drop table rollup_progress;
drop table rollup_dirty;
drop function ensure_slot_day(date);
drop function ensure_rollup_month(date);
drop function ensure_rollup(text, text, date, date);
drop table rollup_slot;
drop table rollup_hour;
"""

ARCHIVE = """
create table archived_day (
    day date not null,
    version int not null check (version > 0),
    file text not null unique,
    rows bigint not null,
    bytes bigint not null,
    sha256 text not null,
    first_at timestamptz not null,
    last_at timestamptz not null,
    archived_at timestamptz not null,
    primary key (day, version)
);
comment on table archived_day is 'The manifest of the archive: the newest version of a day (UTC) is the one to read.';
create trigger only_grows before update or delete on archived_day for each row execute function refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("anlan", "0006_alarm_lists")]

    operations = [
        ops.RunSQL(ROLL_UPS, reverse_sql=NO_ROLL_UPS),
        ops.RunSQL(ARCHIVE, reverse_sql="drop table archived_day;"),
    ]
