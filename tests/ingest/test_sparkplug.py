"""Sparkplug B into the store: births, data, deaths, what is refused and when a birth is asked for."""

from __future__ import annotations

import pytest
from pysparkplug import DataType, NData
from pysparkplug._protobuf import Payload as TahuPayload

from backend.ingest.sparkplug.payload import FIELDS, NUMBERS, Payload, rebirth_command
from tests.ingest.plant import NOW
from tests.ingest.reading import frames, reasons, rows
from tests.ingest.sparkplug_wire import EdgeNode, metric, values

pytestmark = pytest.mark.anyio
NAMES = ("A", "B", "C")


@pytest.fixture
def node(clock):
    return EdgeNode(clock)


async def refused(con):
    return await rows(con, "reject", "gateway_id", "reason", "detail")


def test_the_definition_is_that_of_a_library_made_from_tahus():
    """Every field that we name has the number, the type and the label it has there."""
    theirs = {"Payload": TahuPayload.DESCRIPTOR}
    for name in ("Metric", "PropertySet", "PropertyValue"):
        theirs[f"Payload.{name}"] = TahuPayload.DESCRIPTOR.nested_types_by_name[name]
    ours = {"Payload": Payload.DESCRIPTOR} | {f"Payload.{each.name}": each for each in Payload.DESCRIPTOR.nested_types}
    for message, fields in FIELDS.items():
        for field in fields:
            mine, other = ours[message].fields_by_name[field], theirs[message].fields_by_name[field]
            assert (mine.number, mine.type, mine.is_repeated) == (other.number, other.type, other.is_repeated), field
            assert (mine.containing_oneof is None) == (other.containing_oneof is None), field
    assert {int(kind) for kind in DataType if kind.name in ("UNKNOWN",)} | NUMBERS == set(range(12))


def test_another_library_reads_our_command():
    payload = TahuPayload.FromString(rebirth_command(1_700_000_000_000))
    (told,) = payload.metrics
    assert (told.name, told.datatype, told.boolean_value) == ("Node Control/Rebirth", DataType.BOOLEAN, True)


class TestBirthAndData:
    async def test_values_of_a_birth_are_stored_and_judged(self, store, con, node):
        stored = await store.take([node.nbirth(*values(NAMES, 1.5, 95, 3))])
        assert (stored.frames, stored.refusals) == (1, 0)
        assert await frames(con) == [(1, [1.5, 95, 3], None, None, False)]
        assert await rows(con, "alarm", "point_id", "level") == [(2, 2)]
        assert await rows(con, "gateway", "online", "last_frame_at") == [(True, NOW)]
        assert await rows(con, "gateway_event", "kind") == [("birth",)]

    async def test_data_by_alias_speaks_only_of_what_it_names(self, store, con, node, clock):
        await store.take([node.nbirth(*values(NAMES, 1, 2, 3))])
        clock.move(1)
        stored = await store.take([node.ndata(metric(None, 95, alias=2, t=clock.ms))])
        assert (stored.frames, stored.reborn) == (1, [])
        assert (await frames(con))[1:] == [(1, [None, 95, None], None, None, False)]
        assert store.city.values.value[:3].tolist() == [1, 95, 3]

    async def test_a_birth_tells_what_is_true_now_whenever_it_last_changed(self, store, con, node, clock):
        old = [metric(name, 1, t=clock.ms - 7_200_000) for name in NAMES]
        await store.take([node.nbirth(*old)])
        assert await rows(con, "frame", "t", "late", order="t") == [(NOW, False)]

    async def test_devices_have_their_own_metrics_and_numbers(self, store, con, node, clock, plant):
        await plant.point("G1", "pump/C", h=80)
        await store.follow_configuration()
        batch = [node.nbirth(metric("A", 1, alias=1)), node.dbirth("pump", *values(("B", "C"), 2, 3))]
        await store.take(batch)
        clock.move(1)
        stored = await store.take([node.ddata("pump", metric(None, 90, alias=2, t=clock.ms))])
        assert (stored.frames, stored.refusals, stored.reborn) == (1, 0, [])
        # `C` of the device is the point `pump/C` where there is one.
        assert await rows(con, "alarm", "point_id") == [(plant.points["pump/C"],)]

    async def test_messages_of_one_millisecond_are_all_kept_and_judged(self, store, con, node, clock):
        await store.take([node.nbirth(*values(NAMES, 1, 2, 3))])
        clock.move(1)
        both = [node.ndata(metric(None, value, alias=alias, t=clock.ms)) for alias, value in ((1, 85), (2, 86))]
        assert (await store.take(both)).frames == 2
        assert await rows(con, "alarm", "point_id") == [(1,), (2,)]
        assert (await store.take(both)).frames == 0, "the same again changes nothing"

    async def test_null_is_no_value_and_boolean_and_negative_are_numbers(self, store, con, node):
        kinds = [
            metric("A", None),
            metric("B", True, kind=DataType.BOOLEAN),
            metric("C", -2, kind=DataType.INT16),
        ]
        await store.take([node.nbirth(*kinds)])
        assert await frames(con) == [(1, [None, 1, -2], None, None, False)]

    async def test_what_is_historical_is_late_however_young(self, store, con, node, clock):
        await store.take([node.nbirth(*values(NAMES, 1, 2, 3))])
        clock.move(2)
        old = metric(None, 95, alias=1, t=clock.ms - 1000, historical=True)
        stored = await store.take([node.ndata(old, metric(None, 4, alias=2, t=clock.ms))])
        assert (stored.frames, stored.episodes.rings) == (2, [])
        assert await rows(con, "alarm", "late") == [(True,)]
        assert store.city.values.value[:2].tolist() == [1, 4]

    @pytest.mark.parametrize(
        ("told", "ours"), [(192, None), (500, 4), (0, 6), (16, 5), (28, 7), (84, 3), (216, 10), (4000, 8)]
    )
    async def test_the_quality_property(self, store, con, node, clock, told, ours):
        await store.take([node.nbirth(*values(NAMES, 1, 2, 3))])
        payload = Payload(timestamp=clock.move(1), seq=1)
        one = payload.metrics.add(alias=2, float_value=7)
        one.properties.keys.append("Quality")
        one.properties.values.add(type=3, int_value=told)
        await store.take([node.message("NDATA", payload.SerializeToString())])
        *_, (_, v, q, _, _) = await frames(con)
        assert (v, q) == ([None, 7, None], ours and [0, ours, 0])
        assert await reasons(con) == (["bad_quality"] if told == 4000 else [])

    async def test_a_restart_reads_data_by_alias_and_asks_for_births_once(self, store, con, node, clock, open_store):
        await store.take([node.nbirth(*values(NAMES, 1, 2, 3)), node.dbirth("d", metric("C", 5, alias=9))])
        store = await open_store()
        clock.move(1)
        stored = await store.take([node.ndata(metric(None, 95, alias=1, t=clock.ms))])
        assert (stored.frames, [each.code for each in stored.reborn]) == (1, ["G1"])
        stored = await store.take([node.ddata("d", metric(None, 96, alias=9, t=clock.ms))])
        assert (stored.frames, stored.reborn) == (1, [])
        assert len(await rows(con, "alarm", "id")) == 2


class TestDeath:
    async def test_it_loses_the_gateway_and_the_next_birth_brings_it_back(self, store, con, node, clock):
        await store.take([node.nbirth(*values(NAMES, 1, 2, 3))])
        clock.move(1)
        await store.take([node.ndeath()])
        assert await rows(con, "gateway", "online", "lost_at") == [(False, clock())]
        node.bd_seq += 1
        clock.move(1)
        await store.take([node.nbirth(*values(NAMES, 1, 2, 3))])
        assert await rows(con, "gateway_event", "kind") == [("birth",), ("lost",), ("returned",), ("birth",)]

    async def test_without_a_birth_it_is_refused(self, store, con, node):
        stored = await store.take([node.ndeath()])
        assert (stored.refusals, stored.presence, stored.reborn) == (1, [], [])
        assert await refused(con) == [(1, "no_birth", "NDEATH of a node that was not born")]

    async def test_that_of_an_earlier_session_is_refused(self, store, con, node):
        await store.take([node.nbirth(*values(NAMES, 1, 2, 3))])
        will = node.ndeath()
        node.bd_seq += 1
        stored = await store.take([node.nbirth(*values(NAMES, 1, 2, 3)), will])
        assert stored.presence[-1].kind == "birth"
        assert await refused(con) == [(1, "stale_death", "NDEATH of session 0, the living one is 1")]

    async def test_that_of_a_device_leaves_its_points_without_data(self, store, con, node, clock):
        await store.take([node.nbirth(metric("A", 1)), node.dbirth("pump", *values(("B", "C"), 2, 3))])
        clock.move(1)
        await store.take([node.ddeath("pump")])
        assert (await frames(con))[-1] == (1, [None, None, None], [0, 4, 4], None, False)
        assert store.city.values.quality[:3].tolist() == [0, 4, 4]
        clock.move(1)
        await store.take([node.ddata("pump", metric(None, 9, alias=1)), node.ddeath("pump")])
        assert await reasons(con) == ["no_birth", "no_birth"]


class TestGaps:
    async def test_missing_messages_ask_for_the_births_and_what_came_is_kept(self, store, con, node, clock):
        await store.take([node.nbirth(*values(NAMES, 1, 2, 3))])
        node.lose(3)
        clock.move(1)
        stored = await store.take([node.ndata(metric(None, 7, alias=1, t=clock.ms))])
        assert (stored.frames, [each.code for each in stored.reborn]) == (1, ["G1"])

    async def test_births_are_asked_for_at_most_every_30_s(self, store, node, clock):
        await store.take([node.nbirth(*values(NAMES, 1, 2, 3))])
        asked = []
        for _ in range(4):
            node.lose()
            clock.move(10)
            asked.append(len((await store.take([node.ndata(metric(None, 7, alias=1, t=clock.ms))])).reborn))
        assert asked == [1, 0, 0, 1]

    async def test_numbers_go_round(self, store, node, clock):
        await store.take([node.nbirth(*values(NAMES, 1, 2, 3))])
        for _ in range(300):
            clock.move(0.01)
            stored = await store.take([node.ndata(metric(None, 7, alias=1, t=clock.ms))])
            assert stored.reborn == []

    async def test_data_without_a_birth_is_refused_and_the_birth_asked_for(self, store, con, node):
        stored = await store.take([node.ndata(metric("A", 1)), node.dbirth("pump", metric("B", 1))])
        assert (stored.frames, len(stored.reborn)) == (0, 1)
        assert await reasons(con) == ["no_birth", "no_birth"]


class TestRefused:
    async def test_another_enterprises_tags(self, store, con, node, plant, clock):
        await plant.gateway("G2", "X", "Y")
        await store.follow_configuration()
        stored = await store.take([node.nbirth(metric("A", 1, alias=1), metric("X", 95, alias=2))])
        assert (stored.frames, await refused(con)) == (1, [(1, "unknown_tag", "X")])
        clock.move(1)
        await store.take([node.ndata(metric(None, 95, alias=2, t=clock.ms), metric("Y", 95, t=clock.ms))])
        assert (await refused(con))[1:] == [(1, "unknown_tag", "Y")], "what the birth named is refused once"
        assert await rows(con, "alarm", "id") == []

    async def test_another_enterprises_group(self, store, con, clock):
        stored = await store.take([EdgeNode(clock, group="E-002").nbirth(*values(NAMES, 1, 2, 3))])
        assert (stored.frames, await reasons(con)) == (0, ["foreign_topic"])

    async def test_strangers(self, store, con, clock):
        await store.take([EdgeNode(clock, code="nobody").nbirth(*values(NAMES, 1, 2, 3))])
        assert await reasons(con) == ["unknown_gateway"]

    @pytest.mark.parametrize("topic", ["spBv1.0/E-001/NDATA", "spBv1.0/E-001/DDATA/G1", "spBv1.0/E-001/XDATA/G1"])
    async def test_topics_of_no_form(self, store, con, node, topic):
        await store.take([node.ndata(metric("A", 1))._replace(topic=topic)])
        assert await reasons(con) == ["foreign_topic"]

    async def test_commands_pass_by(self, store, con, node):
        stored = await store.take([node.message("NCMD", rebirth_command(1))])
        assert (stored.refusals, await reasons(con)) == (0, [])

    @pytest.mark.parametrize("raw", [b"\xff\xff\xff", b'{"t": 1}', b"\x0a\x05abc"])
    async def test_what_is_no_payload(self, store, con, node, raw):
        await store.take([node.message("NBIRTH", raw), node.nbirth(*values(NAMES, 1, 2, 3))])
        assert await reasons(con) == ["malformed"]
        assert len(await frames(con)) == 1

    async def test_too_large(self, store, con, node):
        await store.take([node.message("NBIRTH", b"\x2a" + b"\x00" * 2_000_000)])
        assert await reasons(con) == ["too_large"]

    async def test_an_alias_that_was_never_born(self, store, con, node, clock):
        await store.take([node.nbirth(*values(NAMES, 1, 2, 3))])
        stored = await store.take([node.ndata(metric(None, 1, alias=77, t=clock.ms))])
        assert await refused(con) == [(1, "unknown_tag", "alias 77 was not born")]
        assert len(stored.reborn) == 1

    async def test_times_ahead_and_text_where_a_number_was_born(self, store, con, node, clock):
        await store.take([node.nbirth(*values(NAMES, 1, 2, 3))])
        ahead = node.ndata(metric(None, 1, alias=1, t=clock.ms + 61_000))
        words = node.ndata(metric("B", "open", kind=DataType.STRING, t=clock.ms))
        await store.take([ahead, words])
        assert await reasons(con) == ["future_time", "not_finite"]

    async def test_a_payload_that_says_nothing(self, store, con, node, clock):
        await store.take([node.nbirth(*values(NAMES, 1, 2, 3)), node.message("NDATA", NData(clock.ms, 1, ()).encode())])
        assert await reasons(con) == []
