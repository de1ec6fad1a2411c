"""Sparkplug messages made by a library that is not ours: pysparkplug, whose classes come from Eclipse Tahu's .proto."""

from __future__ import annotations

from collections.abc import Sequence

from pysparkplug import DataType, DBirth, DData, DDeath, Metric, NBirth, NData, NDeath

from backend.ingest.sorting import Message
from tests.ingest.plant import ENTERPRISE, Clock


def metric(
    name: str | None,
    value: float | bool | str | None,
    *,
    alias: int | None = None,
    t: int | None = None,
    kind: DataType = DataType.FLOAT,
    historical: bool = False,
) -> Metric:
    """One metric; None as value says that there is none."""
    return Metric(
        timestamp=t,
        name=name,
        datatype=kind,
        value=value,
        alias=alias,
        is_historical=historical,
        is_null=value is None,
    )


class EdgeNode:
    """A gateway that speaks Sparkplug B, stamped with the arrival at the clock's time."""

    def __init__(self, clock: Clock, code: str = "G1", group: str = ENTERPRISE) -> None:
        self.clock, self.code, self.group = clock, code, group
        self.seq, self.bd_seq = 0, 0

    def topic(self, kind: str, device: str = "") -> str:
        """Where it publishes."""
        return f"spBv1.0/{self.group}/{kind}/{self.code}" + (f"/{device}" if device else "")

    def nbirth(self, *metrics: Metric) -> Message:
        """A birth of the node; its session and its numbers begin anew."""
        self.seq = 0
        rebirth = metric("Node Control/Rebirth", False, kind=DataType.BOOLEAN, t=self.clock.ms)
        raw = NBirth(self.clock.ms, self._next(), (self._session(), rebirth, *metrics)).encode()
        return self.message("NBIRTH", raw)

    def dbirth(self, device: str, *metrics: Metric) -> Message:
        """A birth of a device."""
        return self.message("DBIRTH", DBirth(self.clock.ms, self._next(), metrics).encode(), device)

    def ndata(self, *metrics: Metric) -> Message:
        """Data of the node."""
        return self.message("NDATA", NData(self.clock.ms, self._next(), metrics).encode(include_dtypes=True))

    def ddata(self, device: str, *metrics: Metric) -> Message:
        """Data of a device, without data types, as gateways send them to save room."""
        return self.message("DDATA", DData(self.clock.ms, self._next(), metrics).encode(), device)

    def ndeath(self) -> Message:
        """The last will of the session that was born last."""
        return self.message("NDEATH", NDeath(self.clock.ms, self._session()).encode())

    def ddeath(self, device: str) -> Message:
        """A device is gone."""
        return self.message("DDEATH", DDeath(self.clock.ms, self._next()).encode(), device)

    def lose(self, count: int = 1) -> None:
        """Messages that never arrive."""
        for _ in range(count):
            self._next()

    def message(self, kind: str, raw: bytes, device: str = "") -> Message:
        """One message as a broker brings it, QoS 0."""
        return Message(self.topic(kind, device), raw, False, self.clock.ms)

    def _session(self) -> Metric:
        return metric("bdSeq", self.bd_seq, kind=DataType.INT64, t=self.clock.ms)

    def _next(self) -> int:
        seq, self.seq = self.seq, (self.seq + 1) % 256
        return seq


def values(names: Sequence[str], *measured: float) -> list[Metric]:
    """Metrics with aliases 1, 2, …"""
    return [
        metric(name, value, alias=place + 1) for place, (name, value) in enumerate(zip(names, measured, strict=True))
    ]
