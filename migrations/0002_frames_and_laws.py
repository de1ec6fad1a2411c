"""What the ORM cannot say: the partitioned frame table, references, and the tables that only grow."""

from tortoise import migrations
from tortoise.migrations import operations as ops

FRAMES = """
create table frame (
    gateway_id int not null,
    t timestamptz not null,
    layout_id int not null,
    n bigint,
    received_at timestamptz not null,
    late boolean not null default false,
    v real[] not null,
    q smallint[],
    primary key (gateway_id, t)
) partition by range (t);
comment on table frame is 'One row for all points of a gateway at one instant; v runs along layout.point_ids.';

create function ensure_frame_day(day date) returns void language plpgsql as $$
begin
    execute format(
        'create table if not exists frame_%s partition of frame for values from (%L) to (%L)',
        to_char(day, 'YYYYMMDD'),
        day::timestamp at time zone 'UTC',
        (day + 1)::timestamp at time zone 'UTC');
end $$;
comment on function ensure_frame_day is 'Makes the partition of a UTC day; harmless when it exists.';
"""

# No foreign keys on the hot tables (frame, judging_delay): their rows are written by one process that knows the points.
REFERENCES = """
alter table region add constraint fk_region_parent foreign key (parent_adcode) references region;
alter table person add constraint fk_person_region foreign key (adcode) references region;
alter table person add constraint fk_person_enterprise foreign key (enterprise_id) references enterprise;
alter table session add constraint fk_session_person foreign key (person_id) references person;
alter table enterprise add constraint fk_enterprise_region foreign key (adcode) references region;
alter table major_hazard add constraint fk_hazard_enterprise foreign key (enterprise_id) references enterprise;
alter table major_hazard add constraint ck_hazard_grade check (grade between 1 and 4);
alter table tank add constraint fk_tank_hazard foreign key (hazard_id) references major_hazard;
alter table tank add constraint fk_tank_enterprise foreign key (enterprise_id) references enterprise;
alter table gas_detector add constraint fk_detector_enterprise foreign key (enterprise_id) references enterprise;
alter table gateway add constraint fk_gateway_enterprise foreign key (enterprise_id) references enterprise;
alter table gateway add constraint ck_gateway_code check (code ~ '^[A-Za-z0-9_-]+$');
alter table enterprise add constraint ck_enterprise_code check (code ~ '^[A-Za-z0-9_-]+$');
alter table gateway_event add constraint fk_gateway_event_gateway foreign key (gateway_id) references gateway;
alter table layout add constraint fk_layout_gateway foreign key (gateway_id) references gateway;
alter table point add constraint fk_point_gateway foreign key (gateway_id) references gateway;
alter table point add constraint fk_point_enterprise foreign key (enterprise_id) references enterprise;
alter table point add constraint fk_point_tank foreign key (tank_id) references tank;
alter table point add constraint fk_point_detector foreign key (detector_id) references gas_detector;
alter table limit_set add constraint fk_limit_set_point foreign key (point_id) references point;
alter table limit_set add constraint ck_limit_set_order check (
    (limit_ll is null or limit_l is null or limit_ll <= limit_l)
    and (limit_l is null or limit_h is null or limit_l < limit_h)
    and (limit_h is null or limit_hh is null or limit_h <= limit_hh)
    and (limit_ll is null or limit_hh is null or limit_ll < limit_hh)
    and deadband >= 0 and on_delay_s >= 0 and off_delay_s >= 0);
alter table frame_gap add constraint fk_gap_gateway foreign key (gateway_id) references gateway;
alter table alarm add constraint fk_alarm_point foreign key (point_id) references point;
alter table alarm add constraint fk_alarm_enterprise foreign key (enterprise_id) references enterprise;
alter table alarm add constraint fk_alarm_limit_set foreign key (limit_set_id) references limit_set;
alter table alarm_event add constraint fk_alarm_event_alarm foreign key (alarm_id) references alarm;
alter table commitment add constraint fk_commitment_enterprise foreign key (enterprise_id) references enterprise;
alter table commitment_version add constraint fk_version_commitment foreign key (commitment_id) references commitment;
alter table work_report add constraint fk_work_report_enterprise foreign key (enterprise_id) references enterprise;
alter table work_report add constraint ck_work_report_hours check (planned_to > planned_from);
alter table risk_state add constraint fk_risk_state_hazard foreign key (object_id) references major_hazard;
alter table risk_score add constraint fk_risk_score_params foreign key (param_version) references risk_param_set;
alter table push_subscription add constraint fk_subscription_person foreign key (person_id) references person;
alter table delivery add constraint fk_delivery_person foreign key (person_id) references person;
alter table delivery add constraint fk_delivery_alarm foreign key (alarm_id) references alarm;

create unique index one_open_alarm_a_point on alarm (point_id) where cleared_at is null;
create index open_alarms_by_enterprise on alarm (enterprise_id, risk_level desc, raised_at desc) where cleared_at is null;
create index open_alarms_by_area on alarm (adcode, risk_level desc, raised_at desc) where cleared_at is null;
create index alarms_not_notified on alarm (created_at) where notified_level is null and not late;
create index region_branch on region (path text_pattern_ops);
"""

# The law of the field: alarms, limits, filings and scores are never deleted or silently changed.
ONLY_GROW = """
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is a record: rows of % are added, never % (use a new version instead)',
        tg_table_name, tg_table_name, lower(tg_op) using errcode = 'restrict_violation';
end $$;
create trigger only_grows before update or delete on limit_set for each row execute function refuse_change();
create trigger only_grows before update or delete on alarm_event for each row execute function refuse_change();
create trigger only_grows before update or delete on commitment_version for each row execute function refuse_change();
create trigger only_grows before update or delete on commitment_deadline for each row execute function refuse_change();
create trigger only_grows before update or delete on risk_score for each row execute function refuse_change();
create trigger only_grows before update or delete on risk_param_set for each row execute function refuse_change();
create trigger only_grows before update or delete on gateway_event for each row execute function refuse_change();
create trigger only_grows before update or delete on audit for each row execute function refuse_change();
create trigger never_deleted before delete on alarm for each row execute function refuse_change();
create trigger never_deleted before delete on commitment for each row execute function refuse_change();
create trigger never_deleted before delete on work_report for each row execute function refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("anlan", "0001_initial")]

    operations = [
        ops.RunSQL(FRAMES, reverse_sql="drop table frame; drop function ensure_frame_day(date);"),
        ops.RunSQL(REFERENCES, reverse_sql=""),
        ops.RunSQL(ONLY_GROW, reverse_sql="drop function refuse_change() cascade;"),
    ]
