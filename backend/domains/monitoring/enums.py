"""Words of instruments and gateways."""

from enum import IntEnum, StrEnum


class PointKind(StrEnum):
    """What a point measures."""

    LEVEL = "level"
    TEMPERATURE = "temperature"
    PRESSURE = "pressure"
    FLOW = "flow"
    COMB_GAS = "comb_gas"
    TOXIC_GAS = "toxic_gas"
    OXYGEN = "oxygen"
    OTHER = "other"


class Quality(IntEnum):
    """Quality of one value as a gateway reports it; 0 is good (the numbers are the wire's, docs/gateways.md)."""

    GOOD = 0
    UNCERTAIN_LAST = 1
    UNCERTAIN_SENSOR = 2
    OUT_OF_RANGE = 3
    OFFLINE = 4
    BAD_SENSOR = 5
    BAD_DEVICE = 6
    OUT_OF_SERVICE = 7
    BAD_CONFIG = 8
    FROZEN = 9
    MANUAL = 10
    TIME_ERROR = 11


class GatewayEventKind(StrEnum):
    """What happened to a gateway; each is told once."""

    LOST = "lost"
    RETURNED = "returned"
    BIRTH = "birth"
