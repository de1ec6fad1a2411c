"""Which hazards a plan would grade anew: those whose chemicals or whose enterprise's neighbours change."""

from __future__ import annotations

from backend.domains.enterprises.major_hazards import Stock, assess
from backend.domains.enterprises.service.hazards import Held, counted
from backend.domains.enterprises.workbook.planning import Plan
from backend.domains.enterprises.workbook.sheet import Values
from backend.domains.enterprises.workbook.stored import Stored
from backend.domains.enterprises.workbook.wanted import Wish


def held_of(values: Values) -> Held:
    """A row of the chemicals as the service takes it."""
    names = ("chemical", "cas", "hazard_class", "quantity_t")
    return Held(**{name: values[name] for name in names})


def to_grade(plan: Plan, stored: Stored) -> set[str]:
    """The codes of the hazards on record to be graded anew, and of new ones."""
    chemicals = plan["chemicals"]
    codes = {wanted.values["hazard"] for wanted in (*chemicals.created, *chemicals.changed)}
    codes |= {known.values["hazard"] for known in chemicals.removed}
    moved = {wanted.values["code"] for wanted in plan["enterprises"].changed if "residents_500m" in wanted.changed()}
    hazards = {key[0]: known.values["enterprise"] for key, known in stored.sheets["hazards"].items()}
    return codes | {code for code, enterprise in hazards.items() if enterprise in moved}


def foreseen(plan: Plan, wish: Wish, stored: Stored) -> list[tuple[Values, int, float]]:
    """Hazards on record whose S, R or grade would move: as they are, and their grade and R as they would be."""
    moved: list[tuple[Values, int, float]] = []
    for code in sorted(to_grade(plan, stored)):
        known = stored.sheets["hazards"].get((code,))
        owner = wish.find("enterprises", (known.values["enterprise"],), stored) if known else None
        stocks = _stocks(code, plan, wish, stored)
        if known is None or owner is None or not stocks:
            continue
        found = assess(stocks, owner["residents_500m"])
        before = known.values
        if (found.grade, found.r, found.s) != (before["grade"], before["r_value"], before["s_value"]):
            moved.append((before, found.grade, found.r))
    return moved


def _stocks(code: str, plan: Plan, wish: Wish, stored: Stored) -> list[Stock]:
    """What a hazard would hold."""
    gone = {id(known) for known in plan["chemicals"].removed}
    rows = {key: known.values for key, known in stored.sheets["chemicals"].items() if id(known) not in gone}
    rows |= {key: wanted.values for key, wanted in wish.sheets["chemicals"].items()}
    return [counted(held_of(values)) for (hazard, _), values in rows.items() if hazard == code]
