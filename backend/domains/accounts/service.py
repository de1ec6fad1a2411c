"""What can be done with accounts."""

from __future__ import annotations

import hmac
from datetime import datetime
from uuid import UUID

import msgspec
from tortoise.exceptions import IntegrityError
from tortoise.expressions import F
from tortoise.transactions import in_transaction

from backend.domains.accounts.enums import AREA_ROLES, ENTERPRISE_ROLES, Locale, Role
from backend.domains.accounts.models import Person, Session
from backend.domains.accounts.passwords import fits, hash_password
from backend.domains.accounts.rules import check_password, locked_for
from backend.domains.accounts.tokens import (
    ROTATION_GRACE,
    SESSION_LIFE,
    new_refresh_token,
    session_of,
    sign_access,
    token_hash,
)
from backend.domains.accounts.viewer import Viewer
from backend.errors import Invalid, Problem
from backend.kit import audit
from backend.kit.ids import new_id


class WrongPassword(Problem):
    """Name and password do not fit; which of the two is not said."""

    status, kind = 401, "wrong-password"


class Locked(Problem):
    """Too many wrong passwords; says for how long."""

    status, kind = 429, "locked"


class SessionEnded(Problem):
    """The refresh token is used up, expired or was stolen; sign in again."""

    status, kind = 401, "session-ended"


class SignIn(msgspec.Struct):
    """A session with its fresh tokens."""

    person: Person
    session: Session
    access: str
    refresh: str


async def sign_in(username: str, password: str, now: datetime, key: str, *, address: str, device: str) -> SignIn:
    """Open a session; the fifth wrong password in a row locks the account for a while, longer each time."""
    person = await Person.get_or_none(username=username.strip(), active=True)
    if person and person.locked_until and person.locked_until > now:
        minutes = -(-int((person.locked_until - now).total_seconds()) // 60)
        raise Locked(f"too many wrong passwords; try again in {minutes} min", minutes=minutes)
    if not await fits(password, person.password_hash if person else None) or person is None:
        if person:
            await _count_failure(person, now)
        raise WrongPassword("name and password do not fit")
    if person.failed_count:
        await Person.filter(id=person.id).update(failed_count=0, locked_until=None)
    session_id = new_id()
    refresh = new_refresh_token(session_id)
    session = await Session.create(
        id=session_id,
        person_id=person.id,
        token_hash=token_hash(refresh),
        rotated_at=now,
        created_at=now,
        expires_at=now + SESSION_LIFE,
        address=address[:64],
        device=device[:200],
    )
    return SignIn(person, session, sign_access(person.id, session.id, now, key), refresh)


async def _count_failure(person: Person, now: datetime) -> None:
    await Person.filter(id=person.id).update(failed_count=F("failed_count") + 1)
    failures = (await Person.get(id=person.id)).failed_count
    if pause := locked_for(failures):
        await Person.filter(id=person.id).update(locked_until=now + pause)


async def renew(refresh: str, now: datetime, key: str) -> SignIn:
    """Exchange a refresh token for fresh ones. An old one coming back after the grace means theft: the session ends."""
    session_id = session_of(refresh)
    async with in_transaction():
        session = await Session.filter(id=session_id).select_for_update().first() if session_id else None
        if session is None or session.ended_at or session.expires_at <= now:
            raise SessionEnded("please sign in again")
        given = token_hash(refresh)
        current = hmac.compare_digest(given, session.token_hash)
        just_replaced = given == session.previous_hash and now - session.rotated_at <= ROTATION_GRACE
        person = await Person.get_or_none(id=session.person_id, active=True)
        stolen = not current and not just_replaced
        if not stolen and person is not None:
            fresh = new_refresh_token(session.id)
            session.previous_hash = session.token_hash if current else session.previous_hash
            session.token_hash, session.rotated_at = token_hash(fresh), now
            session.expires_at = now + SESSION_LIFE
            await session.save()
            return SignIn(person, session, sign_access(person.id, session.id, now, key), fresh)
        await Session.filter(id=session.id).update(ended_at=now)
    raise SessionEnded("please sign in again")


async def sign_out(session_id: UUID, now: datetime) -> None:
    """End one session."""
    await Session.filter(id=session_id, ended_at=None).update(ended_at=now)


async def sign_out_everywhere(by: Viewer, now: datetime) -> int:
    """End all sessions of the viewer; returns how many there were."""
    return await Session.filter(person_id=by.id, ended_at=None).update(ended_at=now)


async def choose_locale(by: Viewer, locale: Locale) -> None:
    """Set the language of the viewer's pages and pushes."""
    await Person.filter(id=by.id).update(locale=locale)


async def add_person(
    username: str,
    name: str,
    role: Role,
    password: str,
    now: datetime,
    *,
    by: Viewer | None,
    adcode: str | None = None,
    enterprise_id: UUID | None = None,
    phone: str = "",
) -> Person:
    """Make an account. Enterprise roles need an enterprise, regulators and experts an area."""
    if role in ENTERPRISE_ROLES and enterprise_id is None:
        raise Invalid("this role belongs to an enterprise; name one", field="enterpriseId")
    if role in AREA_ROLES and adcode is None:
        raise Invalid("this role works in an area; name one", field="adcode")
    if complaint := check_password(password, username):
        raise Invalid(complaint, field="password")
    try:
        async with in_transaction():
            person = await Person.create(
                username=username,
                name=name,
                role=role,
                password_hash=await hash_password(password),
                adcode=adcode if role in AREA_ROLES else None,
                enterprise_id=enterprise_id if role in ENTERPRISE_ROLES else None,
                phone=phone,
                created_at=now,
            )
            author = by.name if by else "console"
            await audit.record(
                "person.added",
                "person",
                person.id,
                at=now,
                person_id=by.id if by else None,
                person_name=author,
                role=role,
            )
    except IntegrityError as exc:
        raise Invalid(f"the user name {username} is taken", field="username") from exc
    return person


async def set_password(username: str, password: str, now: datetime, *, by: Viewer | None) -> None:
    """Give an account a new password, unlock it and end its sessions."""
    person = await Person.get_or_none(username=username)
    if person is None:
        raise Invalid(f"there is no account {username}", field="username")
    if complaint := check_password(password, username):
        raise Invalid(complaint, field="password")
    person.password_hash = await hash_password(password)
    person.failed_count, person.locked_until = 0, None
    async with in_transaction():
        await person.save()
        await Session.filter(person_id=person.id, ended_at=None).update(ended_at=now)
        author = by.name if by else "console"
        await audit.record(
            "password.set", "person", person.id, at=now, person_id=by.id if by else None, person_name=author
        )
