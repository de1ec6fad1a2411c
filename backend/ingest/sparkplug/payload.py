"""The payload of Sparkplug B as protobuf: the parts of it that carry measurements and commands.

The numbers and types are those of Eclipse Tahu's `sparkplug_b.proto` (package org.eclipse.tahu.protobuf), which the
specification prints; a test compares them with a library made from that file. Templates, data sets, files and
metadata are left out: protobuf passes over fields that it was not told of. The definition has a pool of its own, so
that a program may hold another one beside it.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError

from backend.ingest.contract import MAX_PAYLOAD_BYTES
from backend.ingest.reasons import Reason, Rejected

PACKAGE = "org.eclipse.tahu.protobuf"
# message → field → (number, type). A leading * repeats it; a type that begins with a dot is a message of ours.
FIELDS = {
    "Payload": {
        "timestamp": (1, "uint64"),
        "metrics": (2, "*.Payload.Metric"),
        "seq": (3, "uint64"),
        "uuid": (4, "string"),
        "body": (5, "bytes"),
    },
    "Payload.Metric": {
        "name": (1, "string"),
        "alias": (2, "uint64"),
        "timestamp": (3, "uint64"),
        "datatype": (4, "uint32"),
        "is_historical": (5, "bool"),
        "is_transient": (6, "bool"),
        "is_null": (7, "bool"),
        "properties": (9, ".Payload.PropertySet"),
        "int_value": (10, "uint32"),
        "long_value": (11, "uint64"),
        "float_value": (12, "float"),
        "double_value": (13, "double"),
        "boolean_value": (14, "bool"),
        "string_value": (15, "string"),
        "bytes_value": (16, "bytes"),
    },
    "Payload.PropertySet": {
        "keys": (1, "*string"),
        "values": (2, "*.Payload.PropertyValue"),
    },
    "Payload.PropertyValue": {
        "type": (1, "uint32"),
        "is_null": (2, "bool"),
        "int_value": (3, "uint32"),
        "long_value": (4, "uint64"),
        "float_value": (5, "float"),
        "double_value": (6, "double"),
        "boolean_value": (7, "bool"),
        "string_value": (8, "string"),
    },
}


class DataType(IntEnum):
    """Data types of metrics whose values are numbers."""

    INT8 = 1
    INT16 = 2
    INT32 = 3
    INT64 = 4
    UINT8 = 5
    UINT16 = 6
    UINT32 = 7
    UINT64 = 8
    FLOAT = 9
    DOUBLE = 10
    BOOLEAN = 11


SIGNED_BITS = {int(DataType.INT8): 8, int(DataType.INT16): 16, int(DataType.INT32): 32, int(DataType.INT64): 64}
NUMBERS = frozenset(map(int, DataType))


def _payload_class() -> Any:
    """The class of payloads, made from FIELDS."""
    kinds = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="sparkplug_b.proto", package=PACKAGE, syntax="proto2")
    made: dict[str, Any] = {}
    for name, fields in FIELDS.items():
        outer, _, inner = name.rpartition(".")
        message = made[name] = made[outer].nested_type.add(name=inner) if outer else file.message_type.add(name=name)
        if "float_value" in fields:
            message.oneof_decl.add(name="value")
        for field, (number, told) in fields.items():
            label = kinds.LABEL_REPEATED if told.startswith("*") else kinds.LABEL_OPTIONAL
            kind = told.removeprefix("*")
            one = message.field.add(name=field, number=number, label=label)
            if kind.startswith("."):
                one.type, one.type_name = kinds.TYPE_MESSAGE, f".{PACKAGE}{kind}"
            else:
                one.type = kinds.Type.Value(f"TYPE_{kind.upper()}")
            if field.endswith("_value"):
                one.oneof_index = 0
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{PACKAGE}.Payload"))


Payload = _payload_class()


def decode_payload(raw: bytes) -> Any:
    """The payload; raises Rejected for what is none."""
    if len(raw) > MAX_PAYLOAD_BYTES:
        raise Rejected(Reason.TOO_LARGE, f"{len(raw)} bytes, at most {MAX_PAYLOAD_BYTES} are read")
    payload = Payload()
    try:
        payload.ParseFromString(raw)
    except DecodeError as exc:
        raise Rejected(Reason.MALFORMED, f"no Sparkplug payload: {exc}") from exc
    return payload


def number_of(metric: Any, datatype: int) -> float | None:
    """The value of a metric as a number: None when it says that there is none, NaN when it is no number."""
    which = metric.WhichOneof("value")
    if metric.is_null or which is None:
        return None
    if which in ("string_value", "bytes_value"):
        return float("nan")
    value = getattr(metric, which)
    bits = SIGNED_BITS.get(datatype)
    if bits and which in ("int_value", "long_value"):
        # Signed numbers travel as unsigned ones of 32 or 64 bits; some libraries fill them up, some do not.
        value &= (1 << bits) - 1
        value -= (value >> (bits - 1)) << bits
    return float(value)


def rebirth_command(now_ms: int) -> bytes:
    """What asks a node to send all its births again."""
    payload = Payload(timestamp=now_ms)
    payload.metrics.add(name="Node Control/Rebirth", timestamp=now_ms, datatype=DataType.BOOLEAN, boolean_value=True)
    raw: bytes = payload.SerializeToString()
    return raw
