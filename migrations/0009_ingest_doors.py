"""Who holds which region's stream, Sparkplug sessions, and batches of frames that came over HTTP."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from backend.kit.json import dump_json, load_json

# What waits is found without looking at what is done; a day later that is thrown away.
LINKS = """
alter table sparkplug_node add constraint fk_sparkplug_node_gateway foreign key (gateway_id) references gateway;
alter table upload add constraint fk_upload_gateway foreign key (gateway_id) references gateway;
create index open_uploads on upload (id) where done_at is null;
create index done_uploads on upload (done_at) where done_at is not null;
"""


class Migration(migrations.Migration):
    dependencies = [("anlan", "0008_threshold_passport")]

    operations = [
        ops.CreateModel(
            name="IngestOwner",
            fields=[
                ("region", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=16)),
                ("owner", fields.CharField(max_length=120)),
                ("backend_pid", fields.IntField()),
                ("token", fields.BigIntField()),
                ("stands_in", fields.BooleanField()),
                ("since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("renewed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("wanted_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "ingest_owner",
                "app": "anlan",
                "pk_attr": "region",
                "table_description": "Who holds the stream of a region, for people to see. The lock of its database session is what counts.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SparkplugNode",
            fields=[
                ("gateway_id", fields.IntField(primary_key=True, generated=False, unique=True, db_index=True)),
                ("bd_seq", fields.BigIntField(null=True)),
                ("is_alive", fields.BooleanField()),
                ("devices", fields.JSONField(encoder=dump_json, decoder=load_json)),
                ("changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "sparkplug_node",
                "app": "anlan",
                "pk_attr": "gateway_id",
                "table_description": "The Sparkplug session of a gateway: what was born, so that data by alias can be read after a restart.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Upload",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("gateway_id", fields.IntField(db_index=True)),
                ("received_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("payload", fields.BinaryField(null=True)),
                ("done_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("stored", fields.IntField(default=0)),
                ("known", fields.IntField(default=0)),
                ("refused", fields.JSONField(default=list, encoder=dump_json, decoder=load_json)),
            ],
            options={
                "table": "upload",
                "app": "anlan",
                "pk_attr": "id",
                "table_description": "A batch of frames and what became of it; the payload goes when it is done, the row a day later.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(LINKS, reverse_sql=""),
    ]
