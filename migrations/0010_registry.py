"""The registry: what an enterprise tells about itself, what its hazards hold, and what else stands in it."""

from tortoise import fields, migrations
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.migrations import operations as ops

from backend.domains.enterprises.enums import AreaKind, CameraPlace, HazardKind, LoadingMode, ResponsibleRole, TankForm
from backend.kit.ids import new_id

REFERENCES = """
alter table enterprise_contact add constraint fk_contact_enterprise foreign key (enterprise_id) references enterprise;
alter table hazard_chemical add constraint fk_chemical_hazard foreign key (hazard_id) references major_hazard;
alter table hazard_chemical add constraint ck_chemical_amounts check (quantity_t >= 0 and threshold_t > 0 and beta > 0);
alter table hazard_responsible add constraint fk_responsible_hazard foreign key (hazard_id) references major_hazard;
alter table hazard_responsible add constraint ck_responsible_term check (until is null or until >= since);
alter table gas_detector add constraint fk_detector_hazard foreign key (hazard_id) references major_hazard;
alter table warehouse add constraint fk_warehouse_enterprise foreign key (enterprise_id) references enterprise;
alter table warehouse add constraint fk_warehouse_hazard foreign key (hazard_id) references major_hazard;
alter table process_unit add constraint fk_unit_enterprise foreign key (enterprise_id) references enterprise;
alter table process_unit add constraint fk_unit_hazard foreign key (hazard_id) references major_hazard;
alter table process_parameter add constraint fk_parameter_unit foreign key (unit_id) references process_unit;
alter table loading_station add constraint fk_station_enterprise foreign key (enterprise_id) references enterprise;
alter table loading_station add constraint fk_station_hazard foreign key (hazard_id) references major_hazard;
alter table loading_arm add constraint fk_arm_station foreign key (station_id) references loading_station;
alter table camera add constraint fk_camera_enterprise foreign key (enterprise_id) references enterprise;
alter table camera add constraint fk_camera_hazard foreign key (hazard_id) references major_hazard;
alter table plant_area add constraint fk_area_enterprise foreign key (enterprise_id) references enterprise;
create trigger never_deleted before delete on hazard_responsible for each row execute function refuse_change();
"""
NO_REFERENCES = "alter table gas_detector drop constraint fk_detector_hazard;"  # The others go with their tables.


class Migration(migrations.Migration):
    dependencies = [("anlan", "0009_ingest_doors")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Camera",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("enterprise_id", fields.UUIDField()),
                ("hazard_id", fields.UUIDField(null=True, db_index=True)),
                ("code", fields.CharField(max_length=20)),
                ("name", fields.CharField(max_length=80)),
                (
                    "place",
                    fields.CharEnumField(
                        description="DUTY_ROOM: duty_room\nKEY_PART: key_part\nOTHER: other",
                        enum_type=CameraPlace,
                        max_length=12,
                    ),
                ),
                ("position", fields.CharField(default="", max_length=80)),
                ("device_id", fields.CharField(default="", max_length=20)),
            ],
            options={
                "table": "camera",
                "app": "anlan",
                "unique_together": (("enterprise_id", "code"),),
                "pk_attr": "id",
                "table_description": "A camera of a duty room or a key part; device_id: its 20 digits by GB/T 28181.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Contact",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("enterprise_id", fields.UUIDField()),
                ("duty", fields.CharField(max_length=40)),
                ("name", fields.CharField(max_length=50)),
                ("phone", fields.CharField(max_length=32)),
            ],
            options={
                "table": "enterprise_contact",
                "app": "anlan",
                "unique_together": (("enterprise_id", "duty", "name"),),
                "pk_attr": "id",
                "table_description": "Whom to call at an enterprise about what; `duty` in its own words, such as 设备 or 消防.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="HazardChemical",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("hazard_id", fields.UUIDField()),
                ("chemical", fields.CharField(max_length=40)),
                ("cas", fields.CharField(default="", max_length=12)),
                ("hazard_class", fields.CharField(default="", max_length=6)),
                ("quantity_t", fields.FloatField()),
                ("threshold_t", fields.FloatField()),
                ("beta", fields.FloatField()),
            ],
            options={
                "table": "hazard_chemical",
                "app": "anlan",
                "unique_together": (("hazard_id", "chemical"),),
                "pk_attr": "id",
                "table_description": "A chemical of a hazard with its design maximum in t, and the Q and β with which it was counted.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="HazardResponsible",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("hazard_id", fields.UUIDField()),
                (
                    "role",
                    fields.CharEnumField(
                        description="MAIN: main\nTECHNICAL: technical\nOPERATION: operation",
                        enum_type=ResponsibleRole,
                        max_length=12,
                    ),
                ),
                ("name", fields.CharField(max_length=50)),
                ("phone", fields.CharField(max_length=32)),
                ("since", fields.DateField()),
                ("until", fields.DateField(null=True)),
            ],
            options={
                "table": "hazard_responsible",
                "app": "anlan",
                "unique_together": (("hazard_id", "role", "since"),),
                "pk_attr": "id",
                "table_description": "One of the three persons who answer for a hazard, with the term; `until` is the last day, None while it runs.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="LoadingArm",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("station_id", fields.UUIDField()),
                ("bay", fields.CharField(max_length=20)),
                ("arm", fields.CharField(max_length=20)),
                ("medium", fields.CharField(default="", max_length=40)),
            ],
            options={
                "table": "loading_arm",
                "app": "anlan",
                "unique_together": (("station_id", "bay", "arm"),),
                "pk_attr": "id",
                "table_description": "An arm of a bay of a station; bay and arm as the gateway's events name them.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="LoadingStation",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("enterprise_id", fields.UUIDField()),
                ("hazard_id", fields.UUIDField(null=True, db_index=True)),
                ("code", fields.CharField(max_length=20)),
                ("name", fields.CharField(max_length=80)),
                (
                    "mode",
                    fields.CharEnumField(
                        description="TRUCK: truck\nRAIL: rail\nSHIP: ship", enum_type=LoadingMode, max_length=8
                    ),
                ),
            ],
            options={
                "table": "loading_station",
                "app": "anlan",
                "unique_together": (("enterprise_id", "code"),),
                "pk_attr": "id",
                "table_description": "Where vehicles are loaded and unloaded.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PlantArea",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("enterprise_id", fields.UUIDField()),
                ("code", fields.CharField(max_length=20)),
                ("name", fields.CharField(max_length=60)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="TANK_FARM: tank_farm\nPROCESS: process\nPUMPS: pumps\nLOADING: loading\nWAREHOUSE: warehouse\nCONTROL_ROOM: control_room\nUTILITIES: utilities\nOFFICE: office\nOTHER: other",
                        enum_type=AreaKind,
                        max_length=16,
                    ),
                ),
                ("floor_m2", fields.FloatField(null=True)),
                ("x_m", fields.FloatField(null=True)),
                ("y_m", fields.FloatField(null=True)),
                ("width_m", fields.FloatField(null=True)),
                ("depth_m", fields.FloatField(null=True)),
            ],
            options={
                "table": "plant_area",
                "app": "anlan",
                "unique_together": (("enterprise_id", "code"),),
                "pk_attr": "id",
                "table_description": "A part of the plant's floor: its area in m², and its rectangle in the plant's own grid, in m.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ProcessParameter",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("unit_id", fields.UUIDField()),
                ("process", fields.CharField(max_length=8)),
                ("name", fields.CharField(max_length=60)),
                ("tag", fields.CharField(default="", max_length=40)),
                ("measured_in", fields.CharField(default="", max_length=16)),
                ("low", fields.FloatField(null=True)),
                ("high", fields.FloatField(null=True)),
            ],
            options={
                "table": "process_parameter",
                "app": "anlan",
                "unique_together": (("unit_id", "process", "name"),),
                "pk_attr": "id",
                "table_description": "A key parameter of a process in a unit, with the bounds of safe running in `measured_in`, and its tag.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ProcessUnit",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("enterprise_id", fields.UUIDField()),
                ("hazard_id", fields.UUIDField(null=True, db_index=True)),
                ("code", fields.CharField(max_length=20)),
                ("name", fields.CharField(max_length=80)),
                ("processes", ArrayField(default=list, element_type="TEXT")),
            ],
            options={
                "table": "process_unit",
                "app": "anlan",
                "unique_together": (("enterprise_id", "code"),),
                "pk_attr": "id",
                "table_description": "A production unit; `processes` are codes of the 18 key supervised processes (`processes.PROCESSES`).",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Warehouse",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("enterprise_id", fields.UUIDField()),
                ("hazard_id", fields.UUIDField(null=True, db_index=True)),
                ("code", fields.CharField(max_length=20)),
                ("name", fields.CharField(max_length=80)),
                ("stored", fields.CharField(default="", max_length=200)),
                ("capacity_t", fields.FloatField(null=True)),
                ("floor_m2", fields.FloatField(null=True)),
            ],
            options={
                "table": "warehouse",
                "app": "anlan",
                "unique_together": (("enterprise_id", "code"),),
                "pk_attr": "id",
                "table_description": "A warehouse for chemicals; only gas is watched in it (standards 5.1).",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Enterprise",
            name="about",
            field=fields.CharField(default="", db_default="", max_length=1000),
        ),
        ops.AddField(
            model_name="Enterprise",
            name="city_managed",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name="Enterprise",
            name="duty_phone",
            field=fields.CharField(default="", db_default="", max_length=32),
        ),
        ops.AddField(
            model_name="Enterprise",
            name="info_version",
            field=fields.IntField(default=1, db_default=1),
        ),
        ops.AddField(
            model_name="Enterprise",
            name="legal_representative",
            field=fields.CharField(default="", db_default="", max_length=50),
        ),
        ops.AddField(
            model_name="Enterprise",
            name="licence_no",
            field=fields.CharField(default="", db_default="", max_length=60),
        ),
        ops.AddField(
            model_name="Enterprise",
            name="long_code",
            field=fields.CharField(null=True, unique=True, max_length=11),
        ),
        ops.AddField(
            model_name="Enterprise",
            name="products",
            field=fields.CharField(default="", db_default="", max_length=300),
        ),
        ops.AddField(
            model_name="Enterprise",
            name="staff_count",
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name="MajorHazard",
            name="assessed_on",
            field=fields.DateField(null=True),
        ),
        ops.AddField(
            model_name="MajorHazard",
            name="commissioned_on",
            field=fields.DateField(null=True),
        ),
        ops.AddField(
            model_name="MajorHazard",
            name="filed_on",
            field=fields.DateField(null=True),
        ),
        ops.AddField(
            model_name="MajorHazard",
            name="filed_until",
            field=fields.DateField(null=True),
        ),
        ops.AddField(
            model_name="MajorHazard",
            name="filing_no",
            field=fields.CharField(default="", db_default="", max_length=40),
        ),
        ops.AddField(
            model_name="MajorHazard",
            name="kind",
            field=fields.CharEnumField(
                default=HazardKind.STORAGE,
                description="PRODUCTION: production\nSTORAGE: storage",
                db_default=HazardKind.STORAGE,
                enum_type=HazardKind,
                max_length=12,
            ),
        ),
        ops.AddField(
            model_name="MajorHazard",
            name="s_value",
            field=fields.FloatField(null=True),
        ),
        ops.AddField(
            model_name="Tank",
            name="form",
            field=fields.CharEnumField(
                null=True,
                description="FIXED_ROOF: fixed_roof\nINNER_FLOATING: inner_floating\nOUTER_FLOATING: outer_floating\nSPHERE: sphere\nHORIZONTAL: horizontal\nCRYOGENIC: cryogenic\nGAS_VESSEL: gas_vessel",
                enum_type=TankForm,
                max_length=16,
            ),
        ),
        ops.AddField(
            model_name="Tank",
            name="height_m",
            field=fields.FloatField(null=True),
        ),
        ops.RunSQL(REFERENCES, reverse_sql=NO_REFERENCES),
    ]
