"""How an enterprise comes to its daily safety commitment: in time, late with a reason, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from backend.simulator.city.plants import EnterprisePlan
from backend.simulator.routines.dice import dice_for, id_for
from backend.simulator.routines.works import ZONE

OPENS, DUE = time(6), time(10)
# Of those who do not file in time, this share never does.
FORGETS = 0.3
LATE_REASONS = (
    ("sudden_special_op", 0.30, "夜班临时抢修，重新研判后上报"),
    ("production_change", 0.20, "上午切换进料，工况稳定后上报"),
    ("responsible_absent", 0.22, "主要负责人外出，授权后补报"),
    ("system_fault", 0.08, "厂区网络中断，恢复后补报"),
    ("power_cut", 0.05, "厂区停电，恢复后补报"),
    ("forgotten", 0.10, ""),
    ("other", 0.05, "参加市里安全会议，会后补报承诺"),
)


@dataclass(frozen=True)
class Morning:
    """What happens on a day. filed_at None: nobody files. signer: the role of who signs."""

    version_id: UUID
    filed_at: datetime | None
    signer: str
    duty: str
    units_stopped: int
    units_maintenance: int
    changes: dict[str, int]
    late_reason: str | None
    late_note: str


def morning_of(plan: EnterprisePlan, day: date, seed: int) -> Morning:
    """The morning of an enterprise on a plant day."""
    dice = dice_for(seed, plan.code, day, "morning")
    opens, due = datetime.combine(day, OPENS, ZONE), datetime.combine(day, DUE, ZONE)
    reason, note = None, ""
    filed: datetime | None = opens + timedelta(minutes=min(238.0, max(3.0, dice.gauss(105, 45))))
    if dice.random() > plan.habits:
        filed = due + timedelta(minutes=5 + dice.expovariate(1 / 110))
        filed = min(filed, datetime.combine(day, time(22), ZONE) + timedelta(minutes=dice.random() * 60))
        ((reason, _, note),) = dice.choices(LATE_REASONS, [share for _, share, _ in LATE_REASONS])
        if dice.random() < FORGETS:
            filed, reason, note = None, None, ""
    # A unit that stands still does so for weeks: it is asked of the fortnight, not of the day.
    fortnight = dice_for(seed, plan.code, day.toordinal() // 14, "units")
    stopped = min(plan.units_total, fortnight.choices((0, 1, 2), (0.7, 0.25, 0.05))[0])
    maintained = min(plan.units_total - stopped, fortnight.choices((0, 1), (0.85, 0.15))[0])
    changes = {
        "tankTransfers": int(dice.random() < 0.2),
        "tankCleanings": int(dice.random() < 0.03),
        "drainings": dice.choices((0, 1, 2), (0.6, 0.3, 0.1))[0],
        "changes": int(dice.random() < 0.05),
        "maintenanceJobs": dice.choices((0, 1, 2, 3), (0.4, 0.3, 0.2, 0.1))[0],
    }
    return Morning(
        version_id=id_for(seed, plan.code, day, "commitment"),
        filed_at=filed,
        signer="main_responsible" if dice.random() < 0.8 else "safety_officer",
        duty="main_responsible" if day.toordinal() % 3 == 0 else "safety_officer",
        units_stopped=stopped,
        units_maintenance=maintained,
        changes=changes,
        late_reason=reason,
        late_note=note,
    )


def signature_of(name: str) -> str:
    """A signature as an SVG path: a few strokes, always the same for one name."""
    dice = dice_for(name, "signature")
    strokes, x = [], 12
    for _ in range(2 + 2 * len(name)):
        y = dice.randrange(18, 46)
        bend = [dice.randrange(-9, 12) for _ in range(4)]
        strokes.append(f"M {x} {y} q {bend[0]} {bend[1]} {8 + abs(bend[2])} {bend[3]}")
        x += dice.randrange(6, 14)
    return " ".join(strokes)
