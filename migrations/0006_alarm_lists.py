"""Indexes along which the lists of alarms and enterprises are read."""

from tortoise import migrations
from tortoise.migrations import operations as ops

LISTS = """
create index unacknowledged_by_enterprise on alarm (enterprise_id, risk_level, raised_at, id)
    where acknowledged_at is null and not late;
create index unacknowledged_by_area on alarm (adcode, risk_level, raised_at, id)
    where acknowledged_at is null and not late;
create index unacknowledged_by_risk on alarm (risk_level, raised_at, id) where acknowledged_at is null and not late;
create index open_alarms_by_time on alarm (raised_at, id) where cleared_at is null;
create index alarms_by_risk on alarm (risk_level, raised_at, id);
create index enterprise_by_initials on enterprise (initials, code);
"""
NO_LISTS = """
drop index unacknowledged_by_enterprise;
drop index unacknowledged_by_area;
drop index unacknowledged_by_risk;
drop index open_alarms_by_time;
drop index alarms_by_risk;
drop index enterprise_by_initials;
"""


class Migration(migrations.Migration):
    dependencies = [("anlan", "0005_risk_input")]

    operations = [ops.RunSQL(LISTS, reverse_sql=NO_LISTS)]
