"""Which hours hold where: the nearest area up the tree that has set its own, else the usual ones."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tortoise.transactions import in_transaction

from backend.domains.accounts.viewer import Viewer
from backend.domains.commitments.hours import USUAL_DUE, USUAL_OPENING, DayHours
from backend.domains.commitments.models import CommitmentDeadline
from backend.domains.commitments.schemas import DeadlineChange
from backend.domains.regions.queries import all_regions
from backend.errors import Invalid, NotVisible
from backend.kit import audit
from backend.kit.clock import at_plant, day_span, plant_day


class HoursOfDay:
    """The hours of every area on one plant day."""

    def __init__(self, on: date, zone: ZoneInfo, paths: dict[str, str], rows: dict[str, CommitmentDeadline]) -> None:
        self.on = on
        self._zone, self._paths, self._rows = zone, paths, rows

    def row_of(self, adcode: str) -> CommitmentDeadline | None:
        """The row in force for an area: its own, or of the nearest area above it."""
        line = reversed(self._paths.get(adcode, adcode).split("/"))
        return next((self._rows[code] for code in line if code in self._rows), None)

    def of(self, adcode: str) -> DayHours:
        """The hours of that area."""
        row = self.row_of(adcode)
        return DayHours(
            on=self.on,
            opens_at=at_plant(self.on, row.window_opens if row else USUAL_OPENING, self._zone),
            due_at=at_plant(self.on, row.due if row else USUAL_DUE, self._zone),
            ends_at=day_span(self.on, self._zone)[1],
            deadline_id=row.id if row else None,
        )


async def hours_of_day(on: date, zone: ZoneInfo) -> HoursOfDay:
    """The hours in force on that day; of several rows of an area the newest effective one holds."""
    rows = await CommitmentDeadline.filter(effective_from__lte=on).order_by("effective_from", "id")
    paths = {region.adcode: region.path for region in await all_regions()}
    return HoursOfDay(on, zone, paths, {row.adcode: row for row in rows})


async def set_hours(change: DeadlineChange, by: Viewer, now: datetime, zone: ZoneInfo) -> CommitmentDeadline:
    """Bring new hours into force for an area of the viewer, from tomorrow on: a day's rules do not change under it."""
    if not by.sees_all and change.adcode not in by.adcodes:
        raise NotVisible("this area is not yours", adcode=change.adcode)
    if change.adcode not in {region.adcode for region in await all_regions()}:
        raise Invalid("there is no such area", field="adcode")
    tomorrow = plant_day(now, zone) + timedelta(days=1)
    if change.effective_from < tomorrow:
        raise Invalid(f"new hours begin tomorrow ({tomorrow}) at the earliest", field="effectiveFrom")
    opens, due = time.fromisoformat(change.window_opens), time.fromisoformat(change.due)
    if opens >= due:
        raise Invalid("filing must open before it is due", field="due")
    async with in_transaction():
        row = await CommitmentDeadline.create(
            adcode=change.adcode,
            window_opens=opens,
            due=due,
            effective_from=change.effective_from,
            author_name=by.name,
            reason=change.reason.strip(),
            created_at=now,
        )
        await audit.record(
            "commitment_hours.set",
            "commitment_deadline",
            row.id,
            at=now,
            person_id=by.id,
            person_name=by.name,
            reason=change.reason.strip(),
            adcode=change.adcode,
            window_opens=change.window_opens,
            due=change.due,
            effective_from=change.effective_from,
        )
    return row
