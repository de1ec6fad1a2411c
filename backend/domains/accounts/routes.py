"""Sign-in and the signed-in person over HTTP."""

from __future__ import annotations

from litestar import Controller, Request, Response, delete, get, patch, post
from litestar.datastructures import Cookie, State
from litestar.di import NamedDependency
from litestar.middleware.rate_limit import RateLimitConfig
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_204_NO_CONTENT

from backend.domains.accounts import service
from backend.domains.accounts.authentication import ACCESS_COOKIE, CSRF_COOKIE, REFRESH_COOKIE, ForgedRequest
from backend.domains.accounts.models import Person
from backend.domains.accounts.queries import person_of, sessions_of
from backend.domains.accounts.schemas import (
    Credentials,
    Me,
    MeChange,
    RefreshRequest,
    SessionOut,
    SignedOut,
    TokenPair,
)
from backend.domains.accounts.tokens import ACCESS_LIFE, SESSION_LIFE, csrf_token
from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.queries import enterprise_name
from backend.domains.regions.queries import get_region
from backend.errors import Invalid
from backend.kit import clock
from backend.kit.problems import refusals

REFRESH_PATH = "/api/v1/session"
SIGN_IN_REFUSALS = refusals(Invalid, service.WrongPassword, service.Locked)
RENEW_REFUSALS = refusals(Invalid, service.SessionEnded)
WRITE_REFUSALS = refusals(Invalid, ForgedRequest)


async def describe(person: Person) -> Me:
    """The person as the pages want to know them."""
    region = await get_region(person.adcode) if person.adcode else None
    return Me(
        id=person.id,
        username=person.username,
        name=person.name,
        role=person.role,
        locale=person.locale,
        adcode=person.adcode,
        region_name=region.name if region else None,
        region_name_en=region.name_en if region else None,
        enterprise_id=person.enterprise_id,
        enterprise_name=await enterprise_name(person.enterprise_id) if person.enterprise_id else None,
    )


def cookies_for(done: service.SignIn, key: str, secure: bool) -> list[Cookie]:
    """The page's cookies: two it cannot read, and the proof it sends back with writes."""
    life = int(SESSION_LIFE.total_seconds())
    csrf = csrf_token(done.session.id, key)
    return [
        Cookie(ACCESS_COOKIE, value=done.access, path="/", max_age=life, httponly=True, secure=secure, samesite="lax"),
        Cookie(
            REFRESH_COOKIE,
            value=done.refresh,
            path=REFRESH_PATH,
            max_age=life,
            httponly=True,
            secure=secure,
            samesite="strict",
        ),
        Cookie(CSRF_COOKIE, value=csrf, path="/", max_age=life, secure=secure, samesite="lax"),
    ]


def no_cookies() -> list[Cookie]:
    """Cookies that wipe the page's."""
    return [
        Cookie(ACCESS_COOKIE, value="", path="/", max_age=0, httponly=True),
        Cookie(REFRESH_COOKIE, value="", path=REFRESH_PATH, max_age=0, httponly=True),
        Cookie(CSRF_COOKIE, value="", path="/", max_age=0),
    ]


def _caller(request: Request[object, object, State]) -> dict[str, str]:
    address = request.client.host if request.client else ""
    return {"address": address, "device": request.headers.get("user-agent", "")}


def _pair(done: service.SignIn) -> TokenPair:
    return TokenPair(done.access, done.refresh, int(ACCESS_LIFE.total_seconds()))


# Each account locks by itself; this bounds guessing across accounts from one address. A plant's phones share one.
SLOW_DOWN = RateLimitConfig(rate_limit=("minute", 120), store="sign-in-rate").middleware


class SignInController(Controller):
    """Opening and renewing sessions; the only routes that need no session (besides health)."""

    path = "/session"
    tags = ("accounts",)
    opt = {"exclude_from_auth": True}  # noqa: RUF012 - Litestar reads it as a class attribute.

    @post(
        "/",
        operation_id="signIn",
        summary="Sign in with cookies",
        status_code=HTTP_201_CREATED,
        responses=SIGN_IN_REFUSALS,
        middleware=[SLOW_DOWN],
    )
    async def sign_in(self, data: JSONBody[Credentials], request: Request[object, object, State]) -> Response[Me]:
        """Open a session for a page: tokens go into HttpOnly cookies, writes must repeat `anlan_csrf` in a header."""
        state = request.app.state
        done = await service.sign_in(data.username, data.password, clock.now(), state.token_key, **_caller(request))
        cookies = cookies_for(done, state.token_key, state.settings.secure_cookies)
        return Response(await describe(done.person), cookies=cookies)

    @post(
        "/token",
        operation_id="signInForToken",
        summary="Sign in for bearer tokens",
        status_code=HTTP_201_CREATED,
        responses=SIGN_IN_REFUSALS,
        middleware=[SLOW_DOWN],
    )
    async def token(self, data: JSONBody[Credentials], request: Request[object, object, State]) -> TokenPair:
        """Open a session for a client that sends `Authorization: Bearer`."""
        key: str = request.app.state.token_key
        return _pair(await service.sign_in(data.username, data.password, clock.now(), key, **_caller(request)))

    @post(
        "/token/refresh",
        operation_id="refreshToken",
        summary="Renew bearer tokens",
        status_code=HTTP_200_OK,
        responses=RENEW_REFUSALS,
    )
    async def refresh_token(self, data: JSONBody[RefreshRequest], request: Request[object, object, State]) -> TokenPair:
        """Exchange the refresh token for a new pair; each refresh token works once."""
        return _pair(await service.renew(data.refresh_token, clock.now(), request.app.state.token_key))

    @post(
        "/refresh",
        operation_id="refreshSession",
        summary="Renew the page's cookies",
        status_code=HTTP_200_OK,
        responses=RENEW_REFUSALS,
    )
    async def refresh(self, request: Request[object, object, State]) -> Response[Me]:
        """Renew the session of a page from its refresh cookie, which only this path receives."""
        state = request.app.state
        done = await service.renew(request.cookies.get(REFRESH_COOKIE, ""), clock.now(), state.token_key)
        cookies = cookies_for(done, state.token_key, state.settings.secure_cookies)
        return Response(await describe(done.person), cookies=cookies)


class AccountController(Controller):
    """The signed-in person."""

    tags = ("accounts",)

    @get("/me", operation_id="getMe", summary="Who is signed in", responses=refusals())
    async def me(self, viewer: NamedDependency[Viewer]) -> Me:
        """The signed-in person, their role and their scope."""
        return await describe(await person_of(viewer))

    @patch("/me", operation_id="changeMe", summary="Choose the language", responses=WRITE_REFUSALS)
    async def change_me(self, data: JSONBody[MeChange], viewer: NamedDependency[Viewer]) -> Me:
        """Set the language of pages and pushed texts."""
        await service.choose_locale(viewer, data.locale)
        return await describe(await person_of(viewer))

    @get("/sessions", operation_id="listSessions", summary="Where I am signed in", responses=refusals())
    async def sessions(self, viewer: NamedDependency[Viewer]) -> list[SessionOut]:
        """Living sessions, newest first."""
        return [
            SessionOut(s.id, s.created_at, s.rotated_at, s.address, s.device, s.id == viewer.session_id)
            for s in await sessions_of(viewer, clock.now())
        ]

    @delete(
        "/session",
        operation_id="signOut",
        summary="Sign out here",
        status_code=HTTP_204_NO_CONTENT,
        responses=WRITE_REFUSALS,
    )
    async def sign_out(self, viewer: NamedDependency[Viewer]) -> Response[None]:
        """End this session and wipe its cookies."""
        if viewer.session_id:
            await service.sign_out(viewer.session_id, clock.now())
        return Response(None, cookies=no_cookies())

    @delete(
        "/sessions",
        operation_id="signOutEverywhere",
        summary="Sign out everywhere",
        status_code=HTTP_200_OK,
        responses=WRITE_REFUSALS,
    )
    async def sign_out_everywhere(self, viewer: NamedDependency[Viewer]) -> Response[SignedOut]:
        """End all sessions of this person, this one too."""
        ended = await service.sign_out_everywhere(viewer, clock.now())
        return Response(SignedOut(ended), cookies=no_cookies())
