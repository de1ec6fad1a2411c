"""What can be done with enterprises and what stands in them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.enums import GasClass
from backend.domains.enterprises.models import Enterprise, GasDetector, MajorHazard, Tank
from backend.domains.enterprises.rules import initials_of, is_code, is_uscc
from backend.domains.regions.queries import get_region
from backend.errors import Invalid
from backend.kit import audit
from backend.kit.ids import new_id


async def make_enterprise(
    code: str,
    name: str,
    adcode: str,
    now: datetime,
    *,
    by: Viewer | None,
    short_name: str = "",
    uscc: str | None = None,
    address: str = "",
    lon: float | None = None,
    lat: float | None = None,
    park: str | None = None,
    residents_500m: int = 0,
    units_total: int = 0,
    id: UUID | None = None,
) -> Enterprise:
    """Enter an enterprise; the initials by which it can be searched are made from its name."""
    _require_code(code)
    if await get_region(adcode) is None:
        raise Invalid(f"there is no area {adcode}", field="adcode")
    if uscc is not None and not is_uscc(uscc):
        raise Invalid(f"{uscc} is no unified social credit code", field="uscc")
    enterprise = Enterprise(
        id=id or new_id(),
        code=code,
        name=name,
        short_name=short_name or name[:40],
        initials=initials_of(name),
        uscc=uscc,
        adcode=adcode,
        address=address,
        lon=lon,
        lat=lat,
        park=park,
        residents_500m=residents_500m,
        units_total=units_total,
        created_at=now,
    )
    await _enter(enterprise, "enterprise", now, by)
    return enterprise


async def make_hazard(
    enterprise: Enterprise,
    code: str,
    name: str,
    grade: int,
    now: datetime,
    *,
    by: Viewer | None,
    r_value: float | None = None,
    id: UUID | None = None,
) -> MajorHazard:
    """Enter a major hazard; grade 1 is the gravest, 4 the least."""
    _require_code(code)
    if grade not in (1, 2, 3, 4):
        raise Invalid("a major hazard is of grade 1, 2, 3 or 4", field="grade")
    hazard = MajorHazard(
        id=id or new_id(), enterprise_id=enterprise.id, code=code, name=name, grade=grade, r_value=r_value
    )
    await _enter(hazard, "hazard", now, by)
    return hazard


async def make_tank(
    hazard: MajorHazard,
    code: str,
    name: str,
    medium: str,
    now: datetime,
    *,
    by: Viewer | None,
    volume_m3: float | None = None,
    id: UUID | None = None,
) -> Tank:
    """Enter a tank of a hazard."""
    _require_code(code)
    tank = Tank(
        id=id or new_id(),
        enterprise_id=hazard.enterprise_id,
        hazard_id=hazard.id,
        code=code,
        name=name,
        medium=medium,
        volume_m3=volume_m3,
    )
    await _enter(tank, "tank", now, by)
    return tank


async def make_detector(
    enterprise: Enterprise,
    code: str,
    name: str,
    gas: GasClass,
    now: datetime,
    *,
    by: Viewer | None,
    hazard: MajorHazard | None = None,
    medium: str = "",
    area: str = "",
    x_m: float | None = None,
    y_m: float | None = None,
    id: UUID | None = None,
) -> GasDetector:
    """Enter a gas detector; x, y in metres in the plant's own grid."""
    _require_code(code)
    if hazard is not None and hazard.enterprise_id != enterprise.id:
        raise Invalid("this hazard belongs to another enterprise", field="hazardId")
    detector = GasDetector(
        id=id or new_id(),
        enterprise_id=enterprise.id,
        hazard_id=hazard.id if hazard else None,
        code=code,
        name=name,
        gas=gas,
        medium=medium,
        area=area,
        x_m=x_m,
        y_m=y_m,
    )
    await _enter(detector, "detector", now, by)
    return detector


def _require_code(code: str) -> None:
    if not is_code(code):
        raise Invalid("a code has 1 to 20 letters, digits, - and _", field="code")


async def _enter(
    row: Enterprise | MajorHazard | Tank | GasDetector, kind: str, now: datetime, by: Viewer | None
) -> None:
    """Save a new row with its line in the audit chain; a code that is taken is refused."""
    try:
        async with in_transaction():
            await row.save(force_create=True)
            await audit.record(
                f"{kind}.entered",
                kind,
                row.id,
                at=now,
                person_id=by.id if by else None,
                person_name=by.name if by else "console",
                code=row.code,
                name=row.name,
            )
    except IntegrityError as exc:
        raise Invalid(f"the code {row.code} is taken", field="code") from exc
