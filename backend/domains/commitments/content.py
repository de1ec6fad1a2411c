"""What a commitment says: the record of the day that the board at the gate and the upper systems carry.

Fields follow the announcement board and the provincial record; counts are of the plant day.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from backend.domains.permits.enums import WorkGrade, WorkKind
from backend.kit.text import ANY_TEXT

MOST = 9999
Count = Annotated[int, Meta(ge=0, le=MOST)]
PromisedLevel = Annotated[int, Meta(ge=1, le=4, description="1 red, 2 orange, 3 yellow, 4 blue", examples=[3])]


class CommitmentContent(Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """The state of the enterprise on the day, and what its signer promises.

    risk_level: the promised level, 1 red (gravest) to 4 blue. note: what is wrong, when hazards_safe is false.
    """

    units_total: Count
    units_running: Count
    units_stopped: Count
    units_maintenance: Count
    hot_work_special: Count
    hot_work_1: Count
    hot_work_2: Count
    confined_space: Count
    blind_plate: Count
    work_at_height: Count
    lifting: Count
    temporary_power: Count
    excavation: Count
    road_closure: Count
    contractor_jobs: Count
    maintenance_jobs: Count
    tank_transfers: Count
    tank_cleanings: Count
    drainings: Count
    changes: Count
    trial_production: bool
    start_up_shut_down: bool
    pilot_test: bool
    duty_leader: Annotated[str, Meta(max_length=50, pattern=ANY_TEXT, examples=["周启明"])]
    duty_phone: Annotated[str, Meta(max_length=32, pattern=ANY_TEXT, examples=["13800001190"])]
    major_hidden_hazard: bool
    hazards_safe: bool
    responsible_in_place: bool
    risk_level: PromisedLevel
    note: Annotated[str, Meta(max_length=500, pattern=ANY_TEXT)] = ""


# Which work reports stand behind which count.
WORK_FIELDS: dict[str, tuple[WorkKind, WorkGrade | None]] = {
    "hot_work_special": (WorkKind.HOT_WORK, WorkGrade.SPECIAL),
    "hot_work_1": (WorkKind.HOT_WORK, WorkGrade.GRADE_1),
    "hot_work_2": (WorkKind.HOT_WORK, WorkGrade.GRADE_2),
    "confined_space": (WorkKind.CONFINED_SPACE, None),
    "blind_plate": (WorkKind.BLIND_PLATE, None),
    "work_at_height": (WorkKind.WORK_AT_HEIGHT, None),
    "lifting": (WorkKind.LIFTING, None),
    "temporary_power": (WorkKind.TEMPORARY_POWER, None),
    "excavation": (WorkKind.EXCAVATION, None),
    "road_closure": (WorkKind.ROAD_CLOSURE, None),
}

# Only a person can say these; a proposal must be looked at, never passed over.
JUDGEMENTS = frozenset({"major_hidden_hazard", "hazards_safe", "responsible_in_place", "risk_level"})

FIELD_NAMES = tuple(field.name for field in msgspec.structs.fields(CommitmentContent))
WIRE_NAMES = {field.name: field.encode_name for field in msgspec.structs.fields(CommitmentContent)}


def read_content(stored: object) -> CommitmentContent:
    """A stored content as the struct."""
    return msgspec.convert(stored, CommitmentContent)
