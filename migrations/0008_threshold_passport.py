"""Proposals of limits with their lines and steps, photos, and the role of the safety expert."""

from tortoise import fields, migrations
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from backend.domains.accounts.enums import Role
from backend.domains.passports.enums import ProposalState

# Limits come into force at a time of their own; ingest asks when the next one does.
REFERENCES = """
create index limit_set_by_time on limit_set (effective_from);
alter table limit_set add constraint fk_limit_set_proposal foreign key (proposal_id) references limit_proposal;
alter table limit_proposal add constraint fk_proposal_enterprise foreign key (enterprise_id) references enterprise;
alter table limit_proposal add constraint fk_proposal_tank foreign key (tank_id) references tank;
alter table limit_proposal_line add constraint fk_line_proposal foreign key (proposal_id) references limit_proposal;
alter table limit_proposal_line add constraint fk_line_point foreign key (point_id) references point;
alter table limit_proposal_step add constraint fk_step_proposal foreign key (proposal_id) references limit_proposal;
alter table photo add constraint fk_photo_enterprise foreign key (enterprise_id) references enterprise;
"""
NO_REFERENCES = """
drop index limit_set_by_time;
alter table limit_set drop constraint fk_limit_set_proposal;
"""

# A proposal goes one way; all else about it is said once.
RECORDS = """
create function move_forward() returns trigger language plpgsql as $$
declare
    free text[] := array['state', 'verified_by_id', 'effective_from'];
begin
    if (old.state, new.state) not in (
            ('proposed', 'verified'), ('proposed', 'rejected'), ('proposed', 'withdrawn'),
            ('verified', 'approved'), ('verified', 'rejected'), ('verified', 'withdrawn'))
        or to_jsonb(old) - free is distinct from to_jsonb(new) - free
        or old.verified_by_id is not null and old.verified_by_id is distinct from new.verified_by_id
    then
        raise exception 'a proposal only moves forward, and what it says stays' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger only_moves_forward before update on limit_proposal for each row execute function move_forward();
create trigger never_deleted before delete on limit_proposal for each row execute function refuse_change();
create trigger only_grows before update or delete on limit_proposal_line
    for each row execute function refuse_change();
create trigger only_grows before update or delete on limit_proposal_step
    for each row execute function refuse_change();
create trigger only_grows before update or delete on photo for each row execute function refuse_change();
"""
NO_RECORDS = "drop function move_forward() cascade;"


class Migration(migrations.Migration):
    dependencies = [("anlan", "0007_history")]

    operations = [
        ops.CreateModel(
            name="LimitProposal",
            fields=[
                ("id", fields.UUIDField(primary_key=True, unique=True, db_index=True)),
                ("enterprise_id", fields.UUIDField()),
                ("adcode", fields.CharField(max_length=6)),
                ("tank_id", fields.UUIDField(null=True, db_index=True)),
                (
                    "state",
                    fields.CharEnumField(
                        default=ProposalState.PROPOSED,
                        description="PROPOSED: proposed\nVERIFIED: verified\nAPPROVED: approved\nWITHDRAWN: withdrawn\nREJECTED: rejected",
                        enum_type=ProposalState,
                        max_length=12,
                    ),
                ),
                ("reason", fields.CharField(max_length=300)),
                ("proposed_by_id", fields.UUIDField()),
                ("proposed_by_name", fields.CharField(max_length=50)),
                ("proposed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("verified_by_id", fields.UUIDField(null=True)),
                ("effective_from", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("body_hash", fields.CharField(max_length=64)),
            ],
            options={
                "table": "limit_proposal",
                "app": "anlan",
                "indexes": [
                    Index(fields=["enterprise_id", "proposed_at"]),
                    Index(fields=["adcode", "state", "proposed_at"]),
                ],
                "pk_attr": "id",
                "table_description": "Limits that somebody wants for points of one enterprise; `tank_id` where they are those of one tank.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="LimitProposalLine",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("proposal_id", fields.UUIDField()),
                ("point_id", fields.IntField(db_index=True)),
                ("replaces", fields.IntField()),
                ("limit_ll", fields.FloatField(null=True)),
                ("limit_l", fields.FloatField(null=True)),
                ("limit_h", fields.FloatField(null=True)),
                ("limit_hh", fields.FloatField(null=True)),
                ("deadband", fields.FloatField()),
                ("on_delay_s", fields.FloatField()),
                ("off_delay_s", fields.FloatField()),
            ],
            options={
                "table": "limit_proposal_line",
                "app": "anlan",
                "unique_together": (("proposal_id", "point_id"),),
                "pk_attr": "id",
                "table_description": "The limits proposed for one point, in its unit. replaces: the newest version the proposer saw, 0 for none.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="LimitProposalStep",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("proposal_id", fields.UUIDField()),
                (
                    "state",
                    fields.CharEnumField(
                        description="PROPOSED: proposed\nVERIFIED: verified\nAPPROVED: approved\nWITHDRAWN: withdrawn\nREJECTED: rejected",
                        enum_type=ProposalState,
                        max_length=12,
                    ),
                ),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("person_id", fields.UUIDField()),
                ("person_name", fields.CharField(max_length=50)),
                ("reason", fields.CharField(default="", max_length=300)),
                ("basis", fields.CharField(default="", max_length=300)),
                ("signature", fields.TextField(default="", unique=False)),
                ("signed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("lon", fields.FloatField(null=True)),
                ("lat", fields.FloatField(null=True)),
                ("accuracy_m", fields.FloatField(null=True)),
                ("photo_ids", ArrayField(default=list, element_type="UUID")),
                ("effective_from", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "limit_proposal_step",
                "app": "anlan",
                "unique_together": (("proposal_id", "state"),),
                "pk_attr": "id",
                "table_description": "A step of a proposal: to which state, by whom, when, why. A proposal comes to each state once.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Photo",
            fields=[
                ("id", fields.UUIDField(primary_key=True, unique=True, db_index=True)),
                ("enterprise_id", fields.UUIDField()),
                ("adcode", fields.CharField(max_length=6)),
                ("sha256", fields.CharField(max_length=64)),
                ("original_sha256", fields.CharField(max_length=64)),
                ("bytes", fields.IntField()),
                ("width", fields.IntField()),
                ("height", fields.IntField()),
                ("taken_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("lon", fields.FloatField(null=True)),
                ("lat", fields.FloatField(null=True)),
                ("accuracy_m", fields.FloatField(null=True)),
                ("exif_at", fields.CharField(default="", max_length=40)),
                ("exif_lon", fields.FloatField(null=True)),
                ("exif_lat", fields.FloatField(null=True)),
                ("uploaded_by_id", fields.UUIDField()),
                ("uploaded_by_name", fields.CharField(max_length=50)),
                ("received_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("body_hash", fields.CharField(max_length=64)),
            ],
            options={
                "table": "photo",
                "app": "anlan",
                "indexes": [Index(fields=["enterprise_id", "received_at"])],
                "pk_attr": "id",
                "table_description": "A photo as it is kept. The id is made on the phone; rows are added, never changed.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="LimitSet",
            name="proposal_id",
            field=fields.UUIDField(null=True, db_index=True),
        ),
        ops.AlterModelOptions(
            name="Person",
            options={
                "table": "person",
                "app": "anlan",
                "pk_attr": "id",
                "table_description": "Someone who signs in. Enterprise roles carry an enterprise, regulators and experts an area.",
            },
        ),
        ops.AlterField(
            model_name="Person",
            name="role",
            field=fields.CharEnumField(
                description="ENTERPRISE_OPERATOR: enterprise_operator\nSAFETY_OFFICER: safety_officer\nMAIN_RESPONSIBLE: main_responsible\nDISTRICT_REGULATOR: district_regulator\nCITY_REGULATOR: city_regulator\nSAFETY_EXPERT: safety_expert\nADMINISTRATOR: administrator",
                enum_type=Role,
                max_length=32,
            ),
        ),
        ops.RunSQL(REFERENCES, reverse_sql=NO_REFERENCES),
        ops.RunSQL(RECORDS, reverse_sql=NO_RECORDS),
    ]
