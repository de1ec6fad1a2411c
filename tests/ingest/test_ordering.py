"""Which frames go through the live judging, and which are behind it."""

from __future__ import annotations

from uuid import uuid4

import numpy as np

from backend.ingest.city import Gateway, Layout
from backend.ingest.contract import WireFrame
from backend.ingest.frames import LATE_AFTER_MS, place_frame
from backend.ingest.ordering import mark_out_of_range, order_frames, readings_of
from backend.ingest.slots import Limits, PointLimits

NOW_MS = 1_700_000_000_000


def gateway_with(*tags: str, known: dict[str, int] | None = None) -> Gateway:
    gateway = Gateway(1, "G1", "370305", "E-001", uuid4())
    gateway.slots = {tag: slot for slot, tag in enumerate(tags)} if known is None else known
    gateway.current = gateway.layouts[1] = Layout.of(1, tags, gateway.slots, 1)
    return gateway


def frame_of(gateway: Gateway, t: int, *values: float | None, received_ms: int = NOW_MS):
    frame, refused = place_frame(WireFrame(t=t, layout=1, v=list(values) or [1.0]), gateway, received_ms)
    assert not refused
    return frame


def test_frames_are_sorted_and_counted_into_waves():
    gateway = gateway_with("A")
    ordered = order_frames([frame_of(gateway, NOW_MS + t) for t in (3, 1, 2)])
    assert [frame.t - NOW_MS for frame in ordered.in_order] == [1, 2, 3]
    assert ordered.waves == [0, 1, 2]


def test_what_the_stream_has_passed_is_old():
    gateway = gateway_with("A")
    order_frames([frame_of(gateway, NOW_MS)])
    ordered = order_frames([frame_of(gateway, NOW_MS - 2), frame_of(gateway, NOW_MS - 1)])
    assert ordered.in_order == []
    assert len(ordered.old) == 2


def test_frames_of_one_millisecond_are_none_behind_the_other():
    gateway = gateway_with("A")
    order_frames([frame_of(gateway, NOW_MS)])
    ordered = order_frames([frame_of(gateway, NOW_MS), frame_of(gateway, NOW_MS)])
    assert (ordered.waves, ordered.old) == ([0, 1], [])


def test_one_frame_from_a_fast_clock_does_not_make_the_next_minute_old():
    gateway = gateway_with("A")
    order_frames([frame_of(gateway, NOW_MS + 59_000)])
    ordered = order_frames([frame_of(gateway, NOW_MS + 1_000, received_ms=NOW_MS + 1_000)])
    assert ordered.old == []


def test_gateways_have_waves_of_their_own():
    first, second = gateway_with("A"), gateway_with("A")
    second.id = 2
    ordered = order_frames([frame_of(first, NOW_MS), frame_of(second, NOW_MS), frame_of(first, NOW_MS + 1)])
    assert ordered.waves == [0, 1, 0]


def test_late_is_more_than_a_minute_old():
    gateway = gateway_with("A")
    assert not frame_of(gateway, NOW_MS - LATE_AFTER_MS).is_late
    assert frame_of(gateway, NOW_MS - LATE_AFTER_MS - 1).is_late


def test_readings_leave_unknown_tags_out():
    gateway = gateway_with("A", "Z", "B", known={"A": 0, "B": 7})
    readings = readings_of([frame_of(gateway, NOW_MS, 1, 2, None)], [0])
    assert readings.slot.tolist() == [0, 7]
    assert readings.value[0] == 1
    assert np.isnan(readings.value[1])


def test_out_of_range_is_marked_where_it_was_called_good():
    limits = Limits(1)
    limits.put([0], [PointLimits(range_lo=0, range_hi=100)])
    gateway = gateway_with("A")
    frames = [frame_of(gateway, NOW_MS + place, value) for place, value in enumerate((103.0, 103.1, -3.1, None))]
    mark_out_of_range(limits, frames)
    assert [frame.q for frame in frames] == [None, [3], [3], None]


def test_a_city_without_points_marks_nothing():
    gateway = gateway_with("Z", known={})
    mark_out_of_range(Limits(), [frame_of(gateway, NOW_MS, 1000)])
