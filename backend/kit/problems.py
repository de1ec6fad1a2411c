"""Refusals as the OpenAPI document tells them: which ones a route may answer, with an example of each."""

from __future__ import annotations

import inspect
from collections import defaultdict
from collections.abc import Mapping
from typing import Annotated

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from msgspec import Meta, Struct

from backend.errors import Problem

PROBLEM_JSON = "application/problem+json"


class ProblemBody(Struct):
    """RFC 9457: `type` is stable and picks the message shown; `detail` is for people. More members may follow."""

    type: Annotated[str, Meta(examples=["urn:anlan:not-found"])]
    title: str
    status: int
    detail: str


class NotSignedIn(Problem):
    """Nobody is signed in, or the session has ended."""

    status, kind = 401, "not-signed-in"


class Malformed(Problem):
    """The request cannot be read: broken JSON."""

    status, kind = 400, "bad-request"


def refusals(*problems: type[Problem]) -> Mapping[int, ResponseSpec]:
    """The `responses=` of a route that may refuse with these problems, and with 400 and 401 like every route."""
    by_status: dict[int, list[type[Problem]]] = defaultdict(list)
    every: tuple[type[Problem], ...] = (Malformed, NotSignedIn, *problems)
    for problem in every:
        by_status[problem.status].append(problem)
    return {
        status: ResponseSpec(
            data_container=ProblemBody,
            generate_examples=False,
            media_type=PROBLEM_JSON,
            description=" ".join(_sentence(kind) for kind in kinds),
            examples=[_example(kind) for kind in kinds],
        )
        for status, kinds in by_status.items()
    }


def _sentence(problem: type[Problem]) -> str:
    return (inspect.getdoc(problem) or problem.kind).partition("\n\n")[0]


def _example(problem: type[Problem]) -> Example:
    value = {
        "type": f"urn:anlan:{problem.kind}",
        "title": problem.kind,
        "status": problem.status,
        "detail": _sentence(problem),
    }
    return Example(id=problem.kind, summary=problem.kind, value=value)
