"""Signed limits of the demo city: what an expert verified at each tank and the district approved, before the month.

Written as rows, not through the services: two hundred tanks would take a minute. Where the ledger says that limits are
not signed yet, the enterprise has only declared them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from backend.domains.accounts.models import Person
from backend.domains.enterprises.models import MajorHazard
from backend.domains.monitoring.models import LimitSet, Point
from backend.domains.passports.enums import ProposalState
from backend.domains.passports.models import LimitProposal, LimitProposalLine, LimitProposalStep
from backend.kit import audit
from backend.kit.fingerprint import fingerprint
from backend.kit.ids import new_id
from backend.simulator.city import EnterprisePlan

# How much of an enterprise is not signed: all of it, or what an expert did not get to.
NOTHING_SIGNED = frozenset({"zhiyun", "qingyuan", "weidang"})
SECOND_HALF_UNSIGNED = frozenset({"ciquan"})
DETECTORS_UNSIGNED = frozenset({"wangshu"})
DECLARED = "企业按设计文件申报，待专家现场核定"
DECLARED_BY = "企业申报"
FIRST_SIGNING = "接入前逐罐核定限值"
SIGNATURE = "M20 60h.1L38 32L52 74L66 30L80 70L104 44L130 58L160 40"
# An officer asks, an expert comes, the district approves.
ASKED_BEFORE, SIGNED_BEFORE = timedelta(days=6), timedelta(days=1, hours=3)


@dataclass
class Signing:
    """One proposal that was verified and approved: of a tank, or of all detectors of a hazard."""

    tank_id: UUID | None
    effective_from: datetime
    id: UUID = field(default_factory=new_id)
    limits: list[tuple[Point, LimitSet]] = field(default_factory=list)


@dataclass(frozen=True)
class Signers:
    """Who asks, who verifies on site, who approves."""

    officer: Person
    expert: Person
    official: Person


def photo_of_signing(enterprise_id: UUID) -> UUID:
    """The id of the photo that an expert took at an enterprise."""
    return uuid5(enterprise_id, "signing")


def sign(
    plan: EnterprisePlan, hazards: dict[str, MajorHazard], newest: Sequence[tuple[Point, LimitSet]]
) -> list[Signing]:
    """Put the newest versions of an enterprise under proposals, as far as they are signed; the rest becomes declared.

    newest: each point with the row of its newest version, not yet saved. hazards: by the codes of tanks and detectors.
    """
    places = {point.tag: point for gateway in plan.gateways for point in gateway.points}
    tanks = sorted({place.tank for place in places.values() if place.tank})
    left_out = set(tanks[len(tanks) // 2 :]) if plan.slug in SECOND_HALF_UNSIGNED else set()
    no_detectors = plan.slug in SECOND_HALF_UNSIGNED | DETECTORS_UNSIGNED
    found: dict[object, Signing] = {}
    grouped: dict[object, list[tuple[Point, LimitSet]]] = defaultdict(list)
    for point, limits in newest:
        place = places[point.tag]
        is_left_out = place.tank in left_out or (place.tank is None and no_detectors)
        if plan.slug in NOTHING_SIGNED or is_left_out or not (place.tank or place.detector):
            limits.author_name, limits.reason = DECLARED_BY, DECLARED
        elif place.tank:
            grouped[point.tank_id].append((point, limits))
        elif place.detector in hazards:
            grouped[hazards[place.detector].id, "gas"].append((point, limits))
    for key, members in grouped.items():
        start = max(limits.effective_from for _, limits in members)
        signing = found[key] = Signing(key if isinstance(key, UUID) else None, start, limits=members)
        for _, limits in members:
            limits.proposal_id, limits.effective_from, limits.created_at = signing.id, start, start
    return list(found.values())


async def write_signings(
    signings: Iterable[Signing],
    enterprise_id: UUID,
    adcode: str,
    place: tuple[float | None, float | None],
    signers: Signers,
) -> None:
    """Write proposals with lines and steps, and their audit rows; the versions of limits come after them."""
    proposals, lines, steps = [], [], []
    told: list[audit.Entry] = []
    for signing in signings:
        asked, signed = signing.effective_from - ASKED_BEFORE, signing.effective_from - SIGNED_BEFORE
        basis = signing.limits[0][1].basis
        for _, limits in signing.limits:
            limits.author_id, limits.author_name = signers.officer.id, signers.officer.name
            limits.reason = FIRST_SIGNING
        proposals.append(
            LimitProposal(
                id=signing.id,
                enterprise_id=enterprise_id,
                adcode=adcode,
                tank_id=signing.tank_id,
                state=ProposalState.APPROVED,
                reason=FIRST_SIGNING,
                proposed_by_id=signers.officer.id,
                proposed_by_name=signers.officer.name,
                proposed_at=asked,
                verified_by_id=signers.expert.id,
                effective_from=signing.effective_from,
                body_hash=fingerprint(signing.id),
            )
        )
        lines += [_line(signing, point, limits) for point, limits in signing.limits]
        proof = {
            "basis": basis, "signature": SIGNATURE, "signed_at": signed, "lon": place[0], "lat": place[1],
            "accuracy_m": 5.0, "photo_ids": [photo_of_signing(enterprise_id)],
        }  # fmt: skip
        steps += [
            _step(signing, ProposalState.PROPOSED, asked, signers.officer, reason=FIRST_SIGNING),
            _step(signing, ProposalState.VERIFIED, signed, signers.expert, **proof),
            _step(
                signing,
                ProposalState.APPROVED,
                signing.effective_from,
                signers.official,
                effective_from=signing.effective_from,
            ),
        ]
        told.append(
            audit.Entry(
                verb="limit_proposal.approved",
                object_kind="limit_proposal",
                object_id=signing.id,
                reason=FIRST_SIGNING,
                detail={
                    "proposed": [signers.officer.name, asked],
                    "verified": [signers.expert.name, signed],
                    "approved": [signers.official.name, signing.effective_from],
                    "tags": [point.tag for point, _ in signing.limits],
                },
            )
        )
    await LimitProposal.bulk_create(proposals)
    await LimitProposalLine.bulk_create(lines, batch_size=500)
    await LimitProposalStep.bulk_create(steps, batch_size=500)
    if proposals:
        await audit.record_all(
            told, at=max(each.effective_from for each in signings), person_id=None, person_name="demo city"
        )


def _line(signing: Signing, point: Point, limits: LimitSet) -> LimitProposalLine:
    return LimitProposalLine(
        proposal_id=signing.id,
        point_id=point.id,
        replaces=limits.version - 1,
        limit_ll=limits.limit_ll,
        limit_l=limits.limit_l,
        limit_h=limits.limit_h,
        limit_hh=limits.limit_hh,
        deadband=limits.deadband,
        on_delay_s=limits.on_delay_s,
        off_delay_s=limits.off_delay_s,
    )


def _step(signing: Signing, state: ProposalState, at: datetime, person: Person, **facts: object) -> LimitProposalStep:
    return LimitProposalStep(
        proposal_id=signing.id, state=state, at=at, person_id=person.id, person_name=person.name, **facts
    )
