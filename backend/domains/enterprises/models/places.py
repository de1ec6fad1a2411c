"""What stands in an enterprise: tanks, detectors, warehouses, units, loading stations, cameras, areas of its floor."""

from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.indexes import Index
from tortoise.models import Model

from backend.domains.enterprises.enums import AreaKind, CameraPlace, GasClass, LoadingMode, TankForm
from backend.kit.ids import new_id


class Tank(Model):
    """A storage tank of a major hazard."""

    id: UUID = fields.UUIDField(primary_key=True, default=new_id)
    enterprise_id: UUID = fields.UUIDField(db_index=True)
    hazard_id: UUID = fields.UUIDField(db_index=True)
    code = fields.CharField(max_length=20)
    name = fields.CharField(max_length=80)
    medium = fields.CharField(max_length=40)
    form = fields.CharEnumField(TankForm, max_length=16, null=True)
    volume_m3: float | None = fields.FloatField(null=True)
    height_m: float | None = fields.FloatField(null=True)

    class Meta:
        table = "tank"
        unique_together = (("enterprise_id", "code"),)


class GasDetector(Model):
    """A fixed gas detector; x, y in metres in the plant's own grid."""

    id: UUID = fields.UUIDField(primary_key=True, default=new_id)
    enterprise_id: UUID = fields.UUIDField()
    hazard_id: UUID | None = fields.UUIDField(null=True, db_index=True)
    code = fields.CharField(max_length=20)
    name = fields.CharField(max_length=80)
    gas = fields.CharEnumField(GasClass, max_length=8)
    medium = fields.CharField(max_length=40, default="")
    area = fields.CharField(max_length=60, default="")
    x_m: float | None = fields.FloatField(null=True)
    y_m: float | None = fields.FloatField(null=True)

    class Meta:
        table = "gas_detector"
        indexes = (Index(fields=("enterprise_id", "area")),)
        unique_together = (("enterprise_id", "code"),)


class Warehouse(Model):
    """A warehouse for chemicals; only gas is watched in it (standards 5.1)."""

    id: UUID = fields.UUIDField(primary_key=True, default=new_id)
    enterprise_id: UUID = fields.UUIDField()
    hazard_id: UUID | None = fields.UUIDField(null=True, db_index=True)
    code = fields.CharField(max_length=20)
    name = fields.CharField(max_length=80)
    stored = fields.CharField(max_length=200, default="")
    capacity_t: float | None = fields.FloatField(null=True)
    floor_m2: float | None = fields.FloatField(null=True)

    class Meta:
        table = "warehouse"
        unique_together = (("enterprise_id", "code"),)


class ProcessUnit(Model):
    """A production unit; `processes` are codes of the 18 key supervised processes (`processes.PROCESSES`)."""

    id: UUID = fields.UUIDField(primary_key=True, default=new_id)
    enterprise_id: UUID = fields.UUIDField()
    hazard_id: UUID | None = fields.UUIDField(null=True, db_index=True)
    code = fields.CharField(max_length=20)
    name = fields.CharField(max_length=80)
    processes = ArrayField(element_type="text", default=list)

    class Meta:
        table = "process_unit"
        unique_together = (("enterprise_id", "code"),)


class ProcessParameter(Model):
    """A key parameter of a process in a unit, with the bounds of safe running in `measured_in`, and its tag."""

    id: UUID = fields.UUIDField(primary_key=True, default=new_id)
    unit_id: UUID = fields.UUIDField()
    process = fields.CharField(max_length=8)
    name = fields.CharField(max_length=60)
    tag = fields.CharField(max_length=40, default="")
    measured_in = fields.CharField(max_length=16, default="")
    low: float | None = fields.FloatField(null=True)
    high: float | None = fields.FloatField(null=True)

    class Meta:
        table = "process_parameter"
        unique_together = (("unit_id", "process", "name"),)


class LoadingStation(Model):
    """Where vehicles are loaded and unloaded."""

    id: UUID = fields.UUIDField(primary_key=True, default=new_id)
    enterprise_id: UUID = fields.UUIDField()
    hazard_id: UUID | None = fields.UUIDField(null=True, db_index=True)
    code = fields.CharField(max_length=20)
    name = fields.CharField(max_length=80)
    mode = fields.CharEnumField(LoadingMode, max_length=8)

    class Meta:
        table = "loading_station"
        unique_together = (("enterprise_id", "code"),)


class LoadingArm(Model):
    """An arm of a bay of a station; bay and arm as the gateway's events name them."""

    id: UUID = fields.UUIDField(primary_key=True, default=new_id)
    station_id: UUID = fields.UUIDField()
    bay = fields.CharField(max_length=20)
    arm = fields.CharField(max_length=20)
    medium = fields.CharField(max_length=40, default="")

    class Meta:
        table = "loading_arm"
        unique_together = (("station_id", "bay", "arm"),)


class Camera(Model):
    """A camera of a duty room or a key part; device_id: its 20 digits by GB/T 28181."""

    id: UUID = fields.UUIDField(primary_key=True, default=new_id)
    enterprise_id: UUID = fields.UUIDField()
    hazard_id: UUID | None = fields.UUIDField(null=True, db_index=True)
    code = fields.CharField(max_length=20)
    name = fields.CharField(max_length=80)
    place = fields.CharEnumField(CameraPlace, max_length=12)
    position = fields.CharField(max_length=80, default="")
    device_id = fields.CharField(max_length=20, default="")

    class Meta:
        table = "camera"
        unique_together = (("enterprise_id", "code"),)


class PlantArea(Model):
    """A part of the plant's floor: its area in m², and its rectangle in the plant's own grid, in m."""

    id: UUID = fields.UUIDField(primary_key=True, default=new_id)
    enterprise_id: UUID = fields.UUIDField()
    code = fields.CharField(max_length=20)
    name = fields.CharField(max_length=60)
    kind = fields.CharEnumField(AreaKind, max_length=16)
    floor_m2: float | None = fields.FloatField(null=True)
    x_m: float | None = fields.FloatField(null=True)
    y_m: float | None = fields.FloatField(null=True)
    width_m: float | None = fields.FloatField(null=True)
    depth_m: float | None = fields.FloatField(null=True)

    class Meta:
        table = "plant_area"
        unique_together = (("enterprise_id", "code"),)
