"""The property `Quality` of a metric in our own codes.

Sparkplug knows 192 good, 500 stale, 0 bad; gateways send the finer codes of OPC DA beside them, whose upper two of
eight bits say good, uncertain or bad and whose next four say why.
"""

from __future__ import annotations

from typing import Any

from backend.domains.monitoring.enums import Quality

PROPERTY = "quality"
STALE = 500
GOOD, UNCERTAIN, BAD = 0xC0, 0x40, 0x00
SUBSTATUS = {
    0xC0: Quality.GOOD,
    0xD8: Quality.MANUAL,  # local override
    0x40: Quality.UNCERTAIN_SENSOR,
    0x44: Quality.UNCERTAIN_LAST,
    0x50: Quality.UNCERTAIN_SENSOR,  # sensor not accurate
    0x54: Quality.OUT_OF_RANGE,  # engineering units exceeded
    0x00: Quality.BAD_DEVICE,
    0x04: Quality.BAD_CONFIG,
    0x08: Quality.OFFLINE,  # not connected
    0x0C: Quality.BAD_DEVICE,
    0x10: Quality.BAD_SENSOR,
    0x14: Quality.OFFLINE,  # last known value
    0x18: Quality.OFFLINE,  # no communication
    0x1C: Quality.OUT_OF_SERVICE,
}
OTHERWISE = {GOOD: Quality.GOOD, UNCERTAIN: Quality.UNCERTAIN_SENSOR, BAD: Quality.BAD_DEVICE}


def quality_of(metric: Any) -> int | None:
    """Our code for a metric; None for one that means nothing."""
    if not metric.HasField("properties"):
        return Quality.GOOD
    for key, value in zip(metric.properties.keys, metric.properties.values, strict=False):
        if key.lower() == PROPERTY:
            which = value.WhichOneof("value")
            if which not in ("int_value", "long_value"):
                return None
            return _ours(getattr(value, which))
    return Quality.GOOD


def _ours(code: int) -> int | None:
    if code == STALE:
        return Quality.OFFLINE
    if code > 0xFF or code & GOOD not in OTHERWISE:
        return None
    # The lowest two bits tell of limits that the instrument has reached.
    return SUBSTATUS.get(code & 0xFC, OTHERWISE[code & GOOD])
