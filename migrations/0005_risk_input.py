"""A risk state remembers the input it was scored from, which is what is held while data are missing."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from backend.kit.json import dump_json, load_json


class Migration(migrations.Migration):
    dependencies = [("anlan", "0004_report_day")]

    operations = [
        ops.AddField(
            model_name="RiskState",
            name="input",
            field=fields.JSONField(default=dict, encoder=dump_json, decoder=load_json),
        ),
        ops.AddField(
            model_name="RiskState",
            name="checked_at",
            field=fields.DatetimeField(auto_now=False, auto_now_add=False),
        ),
    ]
