"""A few proposals of limits in different states, so that each role finds something to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from PIL import Image, ImageDraw, ImageFont

from backend.domains.accounts.models import Person
from backend.domains.accounts.queries import as_viewer
from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.models import Enterprise, Tank
from backend.domains.media.schemas import PhotoUpload
from backend.domains.media.service import take_photo
from backend.domains.monitoring.models import Point
from backend.domains.monitoring.queries import limit_values, newest_limits
from backend.domains.passports.models import LimitProposal
from backend.domains.passports.schemas import Approval, LineDraft, ProposalDraft, Verification
from backend.domains.passports.service import approve, propose, reject, verify
from backend.seed.settling import SettledCity, SettledEnterprise
from backend.seed.signing import FIRST_SIGNING, SIGNATURE, SIGNED_BEFORE, photo_of_signing

# (how many days ago, how far it came, reason, how much H and HH of the level are lowered). What was approved lies
# before the month of history and changed no value, so the month's alarms are those of the limits in force.
STORIES = (
    (45, "approved", "呼吸阀整定值复核后重新核定", 0.0),
    (3, "verified", "夏季高温，降低液位上限", 5.0),
    (2, "rejected", "工艺要求提高液位上限", -1.0),
    (1, "proposed", "储罐大修后首次投用，重新核定", 0.0),
)
VERIFYING_ROLE, OFFICER_ROLE = "expert", "safety_officer"


async def write_proposals(city: SettledCity, now: datetime, photo_dir: Path, zone: ZoneInfo) -> int:
    """Take each story as far as it goes, by the people of the city; returns how many proposals there are.

    In the caller's transaction, before the history is written. At the visitor's enterprise all stories, at one of
    another district the newest.
    """
    expert = await as_viewer(await Person.get(username=VERIFYING_ROLE))
    visitor = next(each for each in city.enterprises if each.plan is city.plan.visitor)
    other = next(each for each in city.enterprises if each.plan.adcode != visitor.plan.adcode)
    for enterprise, stories in ((visitor, STORIES), (other, STORIES[-1:])):
        await _tell(enterprise, stories, expert, now, photo_dir, zone)
        for gateway in enterprise.gateways:
            newest = await newest_limits([point.id for point in gateway.points])
            gateway.limits = [newest[point.id] for point in gateway.points]
    await _photos_of_signings(city, expert, photo_dir, zone)
    return await LimitProposal.all().count()


async def _photos_of_signings(city: SettledCity, expert: Viewer, photo_dir: Path, zone: ZoneInfo) -> None:
    """One small photo for each enterprise whose limits were signed before the month began."""
    first: dict[UUID, LimitProposal] = {}
    for proposal in await LimitProposal.filter(reason=FIRST_SIGNING).order_by("effective_from"):
        first.setdefault(proposal.enterprise_id, proposal)
    for enterprise in await Enterprise.filter(id__in=list(first)):
        signed_at = first[enterprise.id].effective_from
        assert signed_at is not None, "it is approved"
        plate = name_plate(enterprise.code).resize((480, 360))
        photo_id, taken_at = photo_of_signing(enterprise.id), signed_at - SIGNED_BEFORE
        await _take(plate, photo_id, enterprise, expert, taken_at, photo_dir, zone)


async def _tell(
    enterprise: SettledEnterprise,
    stories: Sequence[tuple[int, str, str, float]],
    expert: Viewer,
    now: datetime,
    photo_dir: Path,
    zone: ZoneInfo,
) -> None:
    row = await Enterprise.get(id=enterprise.id)
    officer = await as_viewer(enterprise.people[OFFICER_ROLE])
    district = await as_viewer(await Person.get(role="district_regulator", adcode=row.adcode))
    tanks = await Tank.filter(enterprise_id=row.id).order_by("code").limit(len(stories))
    for tank, (days, state, reason, lower) in zip(tanks, stories, strict=True):
        at = now - timedelta(days=days)
        draft = await _draft(tank, reason, lower)
        await propose(draft, officer, at)
        if state == "rejected":
            await reject(draft.id, "高于设计安全高度，无设计文件支持", expert, at + timedelta(hours=5))
        if state in ("verified", "approved"):
            signed_at = at + timedelta(hours=5)
            photo_id = await _photo(row, tank, expert, signed_at, photo_dir, zone)
            signed = Verification(
                basis=f"设计文件 SD-{tank.code}、呼吸阀整定",
                photo_ids=[photo_id],
                lon=(row.lon or 0.0) + 0.0004,
                lat=(row.lat or 0.0) + 0.0002,
                accuracy_m=4,
                signature=SIGNATURE,
                signed_at=signed_at,
            )
            await verify(draft.id, signed, expert, signed_at)
        if state == "approved":
            await approve(draft.id, Approval(), district, at + timedelta(hours=26))


async def _draft(tank: Tank, reason: str, lower: float) -> ProposalDraft:
    points = await Point.filter(tank_id=tank.id, active=True).order_by("tag")
    newest = await newest_limits([point.id for point in points])
    lines = []
    for point in points:
        limits, moved = limit_values(newest[point.id]), lower if point.kind == "level" else 0.0
        lines.append(
            LineDraft(
                point_id=point.id,
                replaces=newest[point.id].version,
                ll=limits.ll,
                l=limits.l,
                h=None if limits.h is None else limits.h - moved,
                hh=None if limits.hh is None else limits.hh - moved,
            )
        )
    return ProposalDraft(id=uuid5(tank.id, "proposal"), reason=reason, lines=lines, tank_id=tank.id)


async def _photo(
    enterprise: Enterprise, tank: Tank, expert: Viewer, taken_at: datetime, photo_dir: Path, zone: ZoneInfo
) -> UUID:
    photo_id = uuid5(tank.id, "photo")
    await _take(name_plate(tank.code), photo_id, enterprise, expert, taken_at, photo_dir, zone)
    return photo_id


async def _take(
    picture: Image.Image,
    photo_id: UUID,
    enterprise: Enterprise,
    expert: Viewer,
    taken_at: datetime,
    photo_dir: Path,
    zone: ZoneInfo,
) -> None:
    data = BytesIO()
    picture.save(data, "PNG")
    upload = PhotoUpload(
        id=photo_id,
        enterprise_id=enterprise.id,
        taken_at=taken_at,
        file=None,  # type: ignore[arg-type]  # its bytes are given beside it.
        lon=(enterprise.lon or 0.0) + 0.0004,
        lat=(enterprise.lat or 0.0) + 0.0002,
        accuracy_m=4,
    )
    await take_photo(upload, data.getvalue(), expert, taken_at, photo_dir, zone)


def name_plate(code: str) -> Image.Image:
    """A drawn stand-in for a photo: the plate of a tank and the gauge beside it."""
    image = Image.new("RGB", (960, 720), (118, 130, 134))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((70, 120, 530, 500), 24, fill=(208, 212, 208), outline=(60, 66, 68), width=6)
    draw.text((120, 180), code, font=ImageFont.load_default(96), fill=(30, 34, 36))
    for row, text in enumerate(("V 3000 m3", "P -0.3 .. 2.0 kPa", "DN 14 500")):
        draw.text((120, 310 + 56 * row), text, font=ImageFont.load_default(40), fill=(60, 66, 68))
    draw.ellipse((600, 180, 880, 460), fill=(236, 238, 236), outline=(40, 44, 46), width=10)
    draw.line((740, 320, 820, 240), fill=(30, 34, 36), width=8)
    return image
