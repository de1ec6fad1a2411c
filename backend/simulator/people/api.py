"""The public API as a client of it: signing in as people, reading and filing."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Any

import httpx

API = "/api/v1"
TIMEOUT_S = 20.0
# A token is renewed so long before it ends.
EARLY_S = 60.0


class Declined(Exception):
    """The API answered, and it was no; kind is the stable type of the refusal."""

    def __init__(self, status: int, kind: str, detail: str) -> None:
        super().__init__(f"{status} {kind}: {detail}")
        self.status, self.kind = status, kind


class PublicApi:
    """A client that acts for many people; each is signed in when first needed."""

    def __init__(self, base_url: str, password: str, http: httpx.AsyncClient | None = None) -> None:
        self._http = http or httpx.AsyncClient(base_url=base_url, timeout=TIMEOUT_S)
        self._password = password
        self._tokens: dict[str, tuple[str, float]] = {}

    async def close(self) -> None:
        """Let the connections go."""
        await self._http.aclose()

    async def get(self, who: str, path: str, **params: Any) -> Any:
        """GET as that person; raises Declined, or httpx.HTTPError when nobody answers."""
        return await self._ask(who, "GET", path, params=params)

    async def post(self, who: str, path: str, body: Any = None) -> Any:
        """POST as that person; raises as `get`."""
        return await self._ask(who, "POST", path, json=body)

    async def items(self, who: str, path: str, **params: Any) -> AsyncIterator[dict[str, Any]]:
        """All items of a list, page after page."""
        after: str | None = None
        while True:
            page = await self.get(who, path, limit=100, **params, **({"after": after} if after else {}))
            for item in page["items"]:
                yield item
            after = page["next"]
            if after is None:
                return

    async def _ask(self, who: str, method: str, path: str, **what: Any) -> Any:
        headers = {"authorization": f"Bearer {await self._token(who)}"}
        answer = await self._http.request(method, API + path, headers=headers, **what)
        if answer.status_code == 401:
            self._tokens.pop(who, None)
        return _taken(answer)

    async def _token(self, who: str) -> str:
        token, until = self._tokens.get(who, ("", 0.0))
        if time.monotonic() < until - EARLY_S:
            return token
        credentials = {"username": who, "password": self._password}
        given = _taken(await self._http.post(f"{API}/session/token", json=credentials))
        self._tokens[who] = (given["accessToken"], time.monotonic() + given["expiresInS"])
        return str(given["accessToken"])


def _taken(answer: httpx.Response) -> Any:
    if answer.is_success:
        return answer.json() if answer.content else None
    try:
        told = answer.json()
        kind, detail = str(told.get("type", "")), str(told.get("detail", ""))
    except ValueError:
        kind, detail = "", answer.text[:200]
    raise Declined(answer.status_code, kind.rpartition(":")[2], detail)
