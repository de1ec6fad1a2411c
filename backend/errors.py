"""Refusals, and how they look on the wire: RFC 9457 problem+json with a stable type."""

from __future__ import annotations

from http import HTTPStatus

import structlog
from asyncpg.exceptions import CharacterNotInRepertoireError, UntranslatableCharacterError
from litestar.exceptions import HTTPException, ValidationException
from litestar.plugins.problem_details import ProblemDetailsException
from tortoise.exceptions import OperationalError

log = structlog.get_logger()


class Problem(Exception):
    """A refusal the client can act on; `kind` is stable and documented, `detail` is for people."""

    status: int = 409
    kind: str = "conflict"

    def __init__(self, detail: str, **facts: object) -> None:
        super().__init__(detail)
        self.detail, self.facts = detail, facts


class NotVisible(Problem):
    """The row does not exist or lies outside the viewer's area; the two are not told apart."""

    status, kind = 404, "not-found"


class NotAllowed(Problem):
    """The viewer may see it and may not do this."""

    status, kind = 403, "not-allowed"


class Invalid(Problem):
    """The request is well formed and says something that cannot be; `facts` name the fields."""

    status, kind = 422, "invalid"


class SameIdOtherBody(Problem):
    """A create was repeated under the same id with another content."""

    status, kind = 409, "same-id-other-body"


class Stale(Problem):
    """`If-Match` names an older state than the server holds."""

    status, kind = 412, "stale"


def as_problem_json(exc: Problem) -> ProblemDetailsException:
    """A Problem on the wire."""
    return ProblemDetailsException(
        status_code=exc.status,
        type_=f"urn:anlan:{exc.kind}",
        title=exc.kind,
        detail=exc.detail,
        extra=exc.facts or None,
    )


def database_as_problem_json(exc: OperationalError) -> ProblemDetailsException:
    """A text with a sign that PostgreSQL cannot hold, in practice NUL, is the caller's mistake; all else is ours."""
    if isinstance(exc.__cause__, (CharacterNotInRepertoireError, UntranslatableCharacterError)):
        return as_problem_json(Invalid("a text holds a character that cannot be stored"))
    log.error("database.failed", exc_info=exc)
    return ProblemDetailsException(
        status_code=500, type_="urn:anlan:failed", title="failed", detail="something went wrong here; it was noted"
    )


def http_as_problem_json(exc: HTTPException) -> ProblemDetailsException:
    """The framework's own refusals on the wire: validation is 422, broken JSON stays 400.

    The plugin's own conversion puts the message into `title`; here the title is the status phrase.
    """
    status = 422 if isinstance(exc, ValidationException) else exc.status_code
    kind = {401: "not-signed-in", 403: "not-allowed", 404: "not-found", 422: "invalid", 429: "too-many-requests"}.get(
        status, HTTPStatus(status).phrase.lower().replace(" ", "-")
    )
    return ProblemDetailsException(
        status_code=status,
        type_=f"urn:anlan:{kind}",
        title=HTTPStatus(status).phrase,
        detail=exc.detail,
        extra={"errors": exc.extra} if exc.extra else None,
        headers=exc.headers,
    )
