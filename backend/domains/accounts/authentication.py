"""Who is asking: a bearer token, or the cookie of a page (with proof that the page itself asks)."""

from __future__ import annotations

import hmac
from typing import Any

from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult

from backend.domains.accounts.queries import viewer_of
from backend.domains.accounts.tokens import csrf_token, read_access
from backend.errors import NotAllowed
from backend.kit import clock

ACCESS_COOKIE = "anlan_access"
REFRESH_COOKIE = "anlan_refresh"
CSRF_COOKIE = "anlan_csrf"
CSRF_HEADER = "x-csrf-token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class ForgedRequest(NotAllowed):
    """A write came with the cookie but without the page's own proof."""

    kind = "forged-request"


class Authentication(AbstractAuthenticationMiddleware):
    """Puts the Viewer into the request, or answers 401."""

    async def authenticate_request(self, connection: ASGIConnection[Any, Any, Any, Any]) -> AuthenticationResult:
        """The viewer behind a valid access token whose session is still alive.

        A page (cookie) that writes must repeat the value of its csrf cookie in a header; another site cannot read it.
        """
        scheme, _, bearer = connection.headers.get("authorization", "").partition(" ")
        from_header = scheme.lower() == "bearer"
        token = bearer if from_header else connection.cookies.get(ACCESS_COOKIE, "")
        key: str = connection.app.state.token_key
        access = read_access(token, key) if token else None
        viewer = await viewer_of(access.person_id, access.session_id, clock.now()) if access else None
        if access is None or viewer is None:
            raise NotAuthorizedException("please sign in")
        if not from_header and connection.scope.get("method", "GET") not in SAFE_METHODS:
            proof = connection.headers.get(CSRF_HEADER, "")
            if not hmac.compare_digest(proof.encode(), csrf_token(access.session_id, key).encode()):
                raise ForgedRequest("the request did not come from our own page; reload it and try again")
        return AuthenticationResult(user=viewer, auth=access)
