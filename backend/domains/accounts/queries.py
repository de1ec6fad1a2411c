"""Reads of people and sessions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from backend.domains.accounts.enums import REGULATOR_ROLES, Locale, Role
from backend.domains.accounts.models import Person, Session
from backend.domains.accounts.viewer import Viewer
from backend.domains.regions.queries import branch_codes


async def viewer_of(person_id: UUID, session_id: UUID, now: datetime) -> Viewer | None:
    """The viewer of a living session, or None. Role and scope are the database's of this moment, not the token's."""
    session = await Session.get_or_none(id=session_id, person_id=person_id, ended_at=None, expires_at__gt=now)
    person = await Person.get_or_none(id=person_id, active=True) if session else None
    return await as_viewer(person, session_id) if person else None


async def as_viewer(person: Person, session_id: UUID | None = None) -> Viewer:
    """The viewer that a person is."""
    return Viewer(
        id=person.id,
        name=person.name,
        role=person.role,
        session_id=session_id,
        adcode=person.adcode,
        adcodes=await branch_codes(person.adcode) if person.adcode else frozenset(),
        enterprise_id=person.enterprise_id,
        locale=person.locale,
    )


async def person_of(viewer: Viewer) -> Person:
    """The viewer's own record."""
    return await Person.get(id=viewer.id)


async def sessions_of(viewer: Viewer, now: datetime) -> list[Session]:
    """Where the viewer is signed in, newest first."""
    return await Session.filter(person_id=viewer.id, ended_at=None, expires_at__gt=now).order_by("-created_at")


async def people_in_charge(enterprise_id: UUID, adcodes: frozenset[str]) -> list[Person]:
    """Whom an alarm of this enterprise concerns: its own people, and the regulators of the areas given."""
    own = Person.filter(enterprise_id=enterprise_id, active=True)
    watching = Person.filter(adcode__in=sorted(adcodes), role__in=list(REGULATOR_ROLES), active=True)
    return [*await own, *await watching]


async def heads_of(enterprise_ids: Iterable[UUID]) -> dict[UUID, Person]:
    """The main responsible person of each enterprise that has one; of several the first by name."""
    ids = list(enterprise_ids)
    heads = await Person.filter(enterprise_id__in=ids, role=Role.MAIN_RESPONSIBLE, active=True) if ids else []
    heads.sort(key=lambda head: head.name, reverse=True)
    return {head.enterprise_id: head for head in heads if head.enterprise_id}


async def signed_out(session_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the sessions that were ended: nothing may reach a device through them any more."""
    ended = await Session.filter(id__in=list(session_ids), ended_at__isnull=False).values_list("id", flat=True)
    return {UUID(str(session_id)) for session_id in ended}


async def persons_of(person_ids: Iterable[UUID]) -> dict[UUID, Person]:
    """These people, whoever they are. Whoever asks has checked that they may be named."""
    ids = list(person_ids)
    return {person.id: person for person in await Person.filter(id__in=ids)} if ids else {}


async def locale_of(person_id: UUID) -> Locale:
    """The language in which a person is spoken to."""
    return (await Person.get(id=person_id)).locale


async def officers_of(enterprise_ids: Iterable[UUID]) -> dict[UUID, Person]:
    """Who answers for an enterprise's data: its safety officer, else its main responsible person; the first by name."""
    ids = list(set(enterprise_ids))
    roles = (Role.SAFETY_OFFICER, Role.MAIN_RESPONSIBLE)
    found = await Person.filter(enterprise_id__in=ids, role__in=roles, active=True) if ids else []
    found.sort(key=lambda person: (roles.index(person.role), person.name), reverse=True)
    return {person.enterprise_id: person for person in found if person.enterprise_id}


async def colleagues_of(enterprise_id: UUID) -> list[Person]:
    """Who works at an enterprise, those who sign for it first. Whoever asks has checked that it is visible."""
    first = {Role.SAFETY_OFFICER: 0, Role.MAIN_RESPONSIBLE: 1}
    found = await Person.filter(enterprise_id=enterprise_id, active=True)
    return sorted(found, key=lambda person: (first.get(person.role, 2), person.name))


async def colleague_of(enterprise_id: UUID, person_id: UUID) -> Person | None:
    """That person, if they work at that enterprise."""
    return await Person.get_or_none(id=person_id, enterprise_id=enterprise_id, active=True)
