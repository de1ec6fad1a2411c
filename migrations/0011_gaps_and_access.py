"""Stops that are filed, the ledger of gaps, points that stand still, and the access ledger."""

from uuid import uuid4

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from backend.domains.access.enums import AccessStep
from backend.domains.outages.enums import GapClosing, GapKind, OutageCause, OutageScope, StopEnding
from backend.kit.ids import new_id

# What was found once is not found again: one record for each loss, each sequence gap, each point that stands still.
LAWS = """
alter table offline_filing add constraint fk_offline_filing_enterprise foreign key (enterprise_id) references enterprise;
alter table offline_filing add constraint fk_offline_filing_gateway foreign key (gateway_id) references gateway;
alter table offline_filing add constraint fk_offline_filing_point foreign key (point_id) references point;
alter table offline_filing add constraint ck_offline_filing_hours check (ends_at > starts_at);
alter table offline_prolongation add constraint fk_prolongation_filing foreign key (filing_id) references offline_filing;
alter table data_gap add constraint fk_data_gap_gateway foreign key (gateway_id) references gateway;
alter table data_gap add constraint fk_data_gap_enterprise foreign key (enterprise_id) references enterprise;
alter table data_gap add constraint fk_data_gap_filing foreign key (filing_id) references offline_filing;
alter table data_gap add constraint fk_data_gap_rule foreign key (rule_id) references gap_rule;
alter table data_gap add constraint ck_data_gap_hours check (ended_at is null or ended_at >= began_at);
alter table data_gap add constraint ck_data_gap_closed check ((closed_at is null) = (closed_how is null));
alter table point_freeze add constraint fk_point_freeze_point foreign key (point_id) references point;
alter table access_entry add constraint fk_access_entry_enterprise foreign key (enterprise_id) references enterprise;
alter table access_entry add constraint fk_access_entry_hazard foreign key (hazard_id) references major_hazard;
alter table access_contact add constraint fk_access_contact_region foreign key (adcode) references region;
alter table access_contact add constraint fk_access_contact_enterprise foreign key (enterprise_id) references enterprise;

create unique index one_gap_a_loss on data_gap (lost_event_id) where lost_event_id is not null;
create unique index one_gap_a_sequence_gap on data_gap (frame_gap_id) where frame_gap_id is not null;
create unique index one_open_freeze_a_point on point_freeze (point_id) where ended_at is null;
create unique index one_entry_a_step on access_entry (enterprise_id, coalesce(hazard_id, enterprise_id), step);
create index open_gaps_by_due on data_gap (due_at) where closed_at is null;
create index gaps_to_fill on data_gap (ended_at) where filled_at is null;
create index open_stops on offline_filing (enterprise_id, ends_at) where closed_at is null;
create index losses on gateway_event (at) where kind = 'lost';
create index frame_gaps_by_time on frame_gap (opened_at);

create trigger only_grows before update or delete on offline_prolongation for each row execute function refuse_change();
create trigger only_grows before update or delete on gap_rule for each row execute function refuse_change();
create trigger never_deleted before delete on offline_filing for each row execute function refuse_change();
create trigger never_deleted before delete on data_gap for each row execute function refuse_change();
create trigger never_deleted before delete on access_entry for each row execute function refuse_change();
create trigger never_deleted before delete on access_contact for each row execute function refuse_change();
"""
# The tables go with what hangs on them; two indexes stand on tables that stay.
NO_LAWS = """
drop index losses;
drop index frame_gaps_by_time;
"""


class Migration(migrations.Migration):
    dependencies = [("anlan", "0010_registry")]

    operations = [
        ops.CreateModel(
            name="AccessContact",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("adcode", fields.CharField(db_index=True, max_length=6)),
                ("enterprise_id", fields.UUIDField(null=True, db_index=True)),
                ("name", fields.CharField(max_length=50)),
                ("phone", fields.CharField(max_length=32)),
                ("duty", fields.CharField(default="", max_length=60)),
                ("body_hash", fields.CharField(max_length=64)),
                ("entered_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("entered_by_name", fields.CharField(max_length=50)),
                ("left_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("left_by_name", fields.CharField(default="", max_length=50)),
            ],
            options={
                "table": "access_contact",
                "app": "anlan",
                "pk_attr": "id",
                "table_description": "Whom to call: the contact person of a district's working group, or of an enterprise (notice S23).",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="AccessEntry",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("enterprise_id", fields.UUIDField(db_index=True)),
                ("adcode", fields.CharField(db_index=True, max_length=6)),
                ("hazard_id", fields.UUIDField(null=True)),
                (
                    "step",
                    fields.CharEnumField(
                        description="SURVEYED: surveyed\nCONDITIONS_CHECKED: conditions_checked\nGATEWAY_INSTALLED: gateway_installed\nPOWERED: powered\nINTEGRATED: integrated\nPOINTS_AUDITED: points_audited\nLIMITS_SIGNED: limits_signed\nACCEPTED: accepted",
                        enum_type=AccessStep,
                        max_length=20,
                    ),
                ),
                ("due_on", fields.DateField(null=True)),
                ("done_on", fields.DateField(null=True)),
                ("done_by", fields.CharField(default="", max_length=50)),
                ("blocker", fields.CharField(default="", max_length=200)),
                ("note", fields.CharField(default="", max_length=300)),
                ("version", fields.IntField(default=1)),
                ("updated_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("updated_by_id", fields.UUIDField(null=True)),
                ("updated_by_name", fields.CharField(max_length=50)),
            ],
            options={
                "table": "access_entry",
                "app": "anlan",
                "pk_attr": "id",
                "table_description": "One step of one line of the ledger; hazard_id None = an enterprise without major hazards.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="DataGap",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("gateway_id", fields.IntField()),
                ("enterprise_id", fields.UUIDField()),
                ("adcode", fields.CharField(max_length=6)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="SILENT: silent\nMISSING_NUMBERS: missing_numbers", enum_type=GapKind, max_length=16
                    ),
                ),
                ("began_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("opened_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("lost_event_id", fields.BigIntField(null=True)),
                ("frame_gap_id", fields.BigIntField(null=True)),
                ("missing", fields.BigIntField(null=True)),
                ("filing_id", fields.UUIDField(null=True)),
                ("filed_until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "cause",
                    fields.CharEnumField(
                        null=True,
                        description="SHUTDOWN: shutdown\nMAINTENANCE: maintenance\nPOWER: power\nNETWORK: network\nEQUIPMENT: equipment\nRELOCATION: relocation\nOTHER: other",
                        enum_type=OutageCause,
                        max_length=16,
                    ),
                ),
                ("note", fields.CharField(default="", max_length=300)),
                ("owner_id", fields.UUIDField(null=True)),
                ("owner_name", fields.CharField(default="", max_length=50)),
                ("due_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("rule_id", fields.IntField(null=True)),
                ("explained_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("explained_by_id", fields.UUIDField(null=True)),
                ("explained_by_name", fields.CharField(default="", max_length=50)),
                ("filled_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("closed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "closed_how",
                    fields.CharEnumField(
                        null=True,
                        description="BACKFILL: backfill\nREASON: reason\nFILED: filed",
                        enum_type=GapClosing,
                        max_length=12,
                    ),
                ),
            ],
            options={
                "table": "data_gap",
                "app": "anlan",
                "indexes": [
                    Index(fields=["enterprise_id", "began_at"]),
                    Index(fields=["adcode", "began_at"]),
                    Index(fields=["gateway_id", "began_at"]),
                ],
                "pk_attr": "id",
                "table_description": "A stretch without data, as the enterprise has to account for it. Never deleted.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="GapRule",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("explain_within_h", fields.IntField()),
                ("author_id", fields.UUIDField(null=True)),
                ("author_name", fields.CharField(max_length=50)),
                ("reason", fields.CharField(max_length=300)),
                ("effective_from", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "gap_rule",
                "app": "anlan",
                "indexes": [Index(fields=["effective_from"])],
                "pk_attr": "id",
                "table_description": "Within how many hours a gap must be explained, from when on. Rows are added, never changed.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OfflineFiling",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("enterprise_id", fields.UUIDField()),
                ("adcode", fields.CharField(max_length=6)),
                (
                    "scope",
                    fields.CharEnumField(
                        description="ENTERPRISE: enterprise\nGATEWAY: gateway\nPOINT: point",
                        enum_type=OutageScope,
                        max_length=12,
                    ),
                ),
                ("gateway_id", fields.IntField(null=True)),
                ("point_id", fields.IntField(null=True)),
                (
                    "cause",
                    fields.CharEnumField(
                        description="SHUTDOWN: shutdown\nMAINTENANCE: maintenance\nPOWER: power\nNETWORK: network\nEQUIPMENT: equipment\nRELOCATION: relocation\nOTHER: other",
                        enum_type=OutageCause,
                        max_length=16,
                    ),
                ),
                ("starts_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ends_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("first_ends_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("reason", fields.CharField(max_length=300)),
                ("filed_late", fields.BooleanField()),
                ("body_hash", fields.CharField(max_length=64)),
                ("filed_by_id", fields.UUIDField()),
                ("filed_by_name", fields.CharField(max_length=50)),
                ("filed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("closed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "ending",
                    fields.CharEnumField(
                        null=True,
                        description="RETURNED: returned\nWITHDRAWN: withdrawn",
                        enum_type=StopEnding,
                        max_length=12,
                    ),
                ),
                ("closed_by_id", fields.UUIDField(null=True)),
                ("closed_by_name", fields.CharField(default="", max_length=50)),
                ("closing_note", fields.CharField(default="", max_length=300)),
            ],
            options={
                "table": "offline_filing",
                "app": "anlan",
                "indexes": [Index(fields=["enterprise_id", "starts_at"]), Index(fields=["adcode", "starts_at"])],
                "pk_attr": "id",
                "table_description": "A stop that an enterprise announced; the id is made on the phone, so that sending twice files once.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OfflineProlongation",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("filing_id", fields.UUIDField(db_index=True)),
                ("from_ends_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("to_ends_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("reason", fields.CharField(max_length=300)),
                ("filed_late", fields.BooleanField()),
                ("by_id", fields.UUIDField()),
                ("by_name", fields.CharField(max_length=50)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "offline_prolongation",
                "app": "anlan",
                "pk_attr": "id",
                "table_description": "One time that a filed stop was made longer: from which end to which, why, and whether that was late.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PointFreeze",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("point_id", fields.IntField()),
                ("since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("found_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "point_freeze",
                "app": "anlan",
                "indexes": [Index(fields=["point_id", "found_at"])],
                "pk_attr": "id",
                "table_description": "A point that stood still beyond physics, as the sweep found it. ended_at: when it was seen moving again.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(LAWS, reverse_sql=NO_LAWS),
    ]
