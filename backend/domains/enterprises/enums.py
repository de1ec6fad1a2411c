"""What stands in an enterprise."""

from enum import StrEnum


class GasClass(StrEnum):
    """What a detector warns of; decides units and limits (GB/T 50493)."""

    COMBUSTIBLE = "comb"
    TOXIC = "toxic"
    HIGHLY_TOXIC = "htoxic"


class HazardKind(StrEnum):
    """A unit of GB 18218: production is split at shut-off valves, storage at the dike or the building."""

    PRODUCTION = "production"
    STORAGE = "storage"


class ResponsibleRole(StrEnum):
    """The three persons who answer for a major hazard (应急厅〔2021〕12号)."""

    MAIN = "main"
    TECHNICAL = "technical"
    OPERATION = "operation"


class TankForm(StrEnum):
    """How a tank is built."""

    FIXED_ROOF = "fixed_roof"
    INNER_FLOATING = "inner_floating"
    OUTER_FLOATING = "outer_floating"
    SPHERE = "sphere"
    HORIZONTAL = "horizontal"
    CRYOGENIC = "cryogenic"
    GAS_VESSEL = "gas_vessel"


class LoadingMode(StrEnum):
    """What is loaded at a station."""

    TRUCK = "truck"
    RAIL = "rail"
    SHIP = "ship"


class CameraPlace(StrEnum):
    """What a camera looks at."""

    DUTY_ROOM = "duty_room"
    KEY_PART = "key_part"
    OTHER = "other"


class AreaKind(StrEnum):
    """What a part of the plant's floor is used for."""

    TANK_FARM = "tank_farm"
    PROCESS = "process"
    PUMPS = "pumps"
    LOADING = "loading"
    WAREHOUSE = "warehouse"
    CONTROL_ROOM = "control_room"
    UTILITIES = "utilities"
    OFFICE = "office"
    OTHER = "other"
