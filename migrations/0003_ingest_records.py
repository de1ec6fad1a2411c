"""What ingest remembers: the delays of each limit, how much of a gap is still missing, events of the edge."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from backend.kit.json import dump_json, load_json


class Migration(migrations.Migration):
    dependencies = [("anlan", "0002_frames_and_laws")]

    operations = [
        ops.CreateModel(
            name="EdgeEvent",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("gateway_id", fields.IntField()),
                ("event_id", fields.CharField(max_length=64)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("kind", fields.CharField(max_length=60)),
                ("bay", fields.CharField(null=True, max_length=40)),
                ("arm", fields.CharField(null=True, max_length=40)),
                ("is_on", fields.BooleanField(null=True)),
                ("detail", fields.JSONField(default=dict, encoder=dump_json, decoder=load_json)),
                ("received_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "edge_event",
                "app": "anlan",
                "unique_together": (("gateway_id", "event_id"),),
                "indexes": [Index(fields=["gateway_id", "at"])],
                "pk_attr": "id",
                "table_description": "What a gateway saw happen, such as an earth clamp that came off; `event_id` is the gateway's own.",
            },
            bases=["Model"],
        ),
        ops.AlterModelOptions(
            name="FrameGap",
            options={
                "table": "frame_gap",
                "app": "anlan",
                "indexes": [Index(fields=["gateway_id", "from_n"])],
                "pk_attr": "id",
                "table_description": "Sequence numbers that never came; closed when the backfill has brought all `missing` ones.",
            },
        ),
        ops.AddField(model_name="FrameGap", name="missing", field=fields.BigIntField()),
        ops.DeleteModel(name="JudgingDelay"),
        ops.CreateModel(
            name="JudgingDelay",
            fields=[
                ("point_id", fields.IntField(primary_key=True, generated=False, unique=True, db_index=True)),
                ("since_ll", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("since_l", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("since_h", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("since_hh", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "judging_delay",
                "app": "anlan",
                "pk_attr": "point_id",
                "table_description": "Where the judging of a point stands inside its delays, so that a restart forgets nothing.",
            },
            bases=["Model"],
        ),
    ]
