"""Work reports remember the plant day they begin on, so that numbers count within a day of a year, and who cancelled them."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import UniqueConstraint


class Migration(migrations.Migration):
    dependencies = [("anlan", "0003_ingest_records")]

    operations = [
        ops.RemoveConstraint(
            model_name="WorkReport",
            name=None,
            fields=["enterprise_id", "number"],
        ),
        ops.AddField(
            model_name="WorkReport",
            name="cancelled_by_id",
            field=fields.UUIDField(null=True),
        ),
        ops.AddField(
            model_name="WorkReport",
            name="cancelled_by_name",
            field=fields.CharField(default="", max_length=50),
        ),
        ops.AddField(
            model_name="WorkReport",
            name="planned_on",
            field=fields.DateField(),
        ),
        ops.AddConstraint(
            model_name="WorkReport",
            constraint=UniqueConstraint(fields=("enterprise_id", "planned_on", "number"), name=None),
        ),
    ]
