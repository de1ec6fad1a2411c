"""Photos of the access ledger, why a contact left, and what people changed of a gap."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from backend.domains.access.enums import AccessStep
from backend.domains.outages.enums import GapChangeKind

LAWS = """
alter table access_photo add constraint fk_access_photo_enterprise foreign key (enterprise_id) references enterprise;
alter table access_photo add constraint fk_access_photo_hazard foreign key (hazard_id) references major_hazard;
alter table access_photo add constraint fk_access_photo_photo foreign key (photo_id) references photo;
alter table gap_change add constraint fk_gap_change_gap foreign key (gap_id) references data_gap;
create unique index one_photo_a_step on access_photo (coalesce(hazard_id, enterprise_id), step, photo_id);
create trigger only_grows before update or delete on access_photo for each row execute function refuse_change();
create trigger only_grows before update or delete on gap_change for each row execute function refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("anlan", "0011_gaps_and_access")]

    operations = [
        ops.CreateModel(
            name="AccessPhoto",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("enterprise_id", fields.UUIDField(db_index=True)),
                ("adcode", fields.CharField(max_length=6)),
                ("hazard_id", fields.UUIDField(null=True)),
                (
                    "step",
                    fields.CharEnumField(
                        description="SURVEYED: surveyed\nCONDITIONS_CHECKED: conditions_checked\nGATEWAY_INSTALLED: gateway_installed\nPOWERED: powered\nINTEGRATED: integrated\nPOINTS_AUDITED: points_audited\nLIMITS_SIGNED: limits_signed\nACCEPTED: accepted",
                        enum_type=AccessStep,
                        max_length=20,
                    ),
                ),
                ("photo_id", fields.UUIDField()),
                ("added_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("added_by_id", fields.UUIDField()),
                ("added_by_name", fields.CharField(max_length=50)),
            ],
            options={
                "table": "access_photo",
                "app": "anlan",
                "pk_attr": "id",
                "table_description": "A photo that shows a step of one line: the gateway in its cabinet, the lamp that burns, the tag that was read.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="GapChange",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("gap_id", fields.UUIDField(db_index=True)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="OWNER: owner\nDEADLINE: deadline", enum_type=GapChangeKind, max_length=12
                    ),
                ),
                ("from_owner_name", fields.CharField(default="", max_length=50)),
                ("to_owner_id", fields.UUIDField(null=True)),
                ("to_owner_name", fields.CharField(default="", max_length=50)),
                ("from_due_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("to_due_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("reason", fields.CharField(max_length=300)),
                ("by_id", fields.UUIDField()),
                ("by_name", fields.CharField(max_length=50)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "gap_change",
                "app": "anlan",
                "pk_attr": "id",
                "table_description": "One time that a gap was handed over or its deadline moved: from what to what, why and by whom. Only added to.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="AccessContact",
            name="left_reason",
            field=fields.CharField(default="", max_length=300, db_default=""),
        ),
        ops.RunSQL(LAWS, reverse_sql=""),
    ]
