"""Major hazards: what they hold, how grave that is, and who answers for them."""

from datetime import date
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from backend.domains.enterprises.enums import HazardKind, ResponsibleRole
from backend.kit.ids import new_id


class MajorHazard(Model):
    """A major hazard installation; grade 1 is the gravest (GB 18218).

    grade, s_value and r_value follow from the chemicals as soon as there are any (`major_hazards.assess`).
    Dates of standards 3.5: assessed every three years or on change, filed with the county after it.
    """

    id: UUID = fields.UUIDField(primary_key=True, default=new_id)
    enterprise_id: UUID = fields.UUIDField(db_index=True)
    code = fields.CharField(max_length=20, unique=True)
    name = fields.CharField(max_length=80)
    kind = fields.CharEnumField(HazardKind, max_length=12, default=HazardKind.STORAGE, db_default=HazardKind.STORAGE)
    grade: int = fields.SmallIntField()
    s_value: float | None = fields.FloatField(null=True)
    r_value: float | None = fields.FloatField(null=True)
    commissioned_on: date | None = fields.DateField(null=True)
    assessed_on: date | None = fields.DateField(null=True)
    filing_no = fields.CharField(max_length=40, default="", db_default="")
    filed_on: date | None = fields.DateField(null=True)
    filed_until: date | None = fields.DateField(null=True)

    class Meta:
        table = "major_hazard"


class HazardChemical(Model):
    """A chemical of a hazard with its design maximum in t, and the Q and β with which it was counted."""

    id: UUID = fields.UUIDField(primary_key=True, default=new_id)
    hazard_id: UUID = fields.UUIDField()
    chemical = fields.CharField(max_length=40)
    cas = fields.CharField(max_length=12, default="")
    hazard_class = fields.CharField(max_length=6, default="")
    quantity_t: float = fields.FloatField()
    threshold_t: float = fields.FloatField()
    beta: float = fields.FloatField()

    class Meta:
        table = "hazard_chemical"
        unique_together = (("hazard_id", "chemical"),)


class HazardResponsible(Model):
    """One of the three persons who answer for a hazard, with the term; `until` is the last day, None while it runs."""

    id: UUID = fields.UUIDField(primary_key=True, default=new_id)
    hazard_id: UUID = fields.UUIDField()
    role = fields.CharEnumField(ResponsibleRole, max_length=12)
    name = fields.CharField(max_length=50)
    phone = fields.CharField(max_length=32)
    since: date = fields.DateField()
    until: date | None = fields.DateField(null=True)

    class Meta:
        table = "hazard_responsible"
        unique_together = (("hazard_id", "role", "since"),)
