"""Asks every route of the API: as nobody, and as every role with ids of nothing."""

from uuid import uuid4

import pytest
from httpx import AsyncClient

from backend.app import create_app
from tests.people import People
from tests.settings import settings_for_tests

pytestmark = pytest.mark.anyio

PUBLIC = {
    ("post", "/api/v1/session"),
    ("post", "/api/v1/session/token"),
    ("post", "/api/v1/session/token/refresh"),
    ("post", "/api/v1/session/refresh"),
}


def operations() -> list[tuple[str, str]]:
    """Method and path of every operation of the document below /api/v1."""
    paths = create_app(settings_for_tests()).openapi_schema.to_schema()["paths"]
    return [
        (method, path)
        for path, item in paths.items()
        for method in item
        if path.startswith("/api/v1") and method in {"get", "post", "patch", "put", "delete"}
    ]


def filled(path: str) -> str:
    """The path with an id of nothing in every place."""
    while "{" in path:
        before, _, rest = path.partition("{")
        name, _, after = rest.partition("}")
        path = before + ("999999" if name in {"point_id", "gateway_id", "upload_id"} else str(uuid4())) + after
    return path


@pytest.mark.parametrize(("method", "path"), [op for op in operations() if op not in PUBLIC])
async def test_nobody_gets_in(client: AsyncClient, method: str, path: str) -> None:
    answer = await client.request(method, filled(path))
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")


@pytest.mark.parametrize("who", People.ROLES)
async def test_no_role_meets_a_failure_or_another_persons_row(people: People, who: str) -> None:
    for method, path in operations():
        if (method, path) in PUBLIC or path.endswith("/stream") or method == "delete":
            continue
        body = {"json": {}} if method in {"post", "patch", "put"} else {}
        answer = await people.client.request(method, filled(path), headers=await people.sign_in(who), **body)  # type: ignore[arg-type]
        assert answer.status_code < 500, f"{method} {path} as {who}: {answer.text}"
        if "{" in path:
            assert answer.status_code in {400, 403, 404, 422}, f"{method} {path} as {who}: {answer.text}"


def test_every_operation_explains_itself() -> None:
    paths = create_app(settings_for_tests()).openapi_schema.to_schema()["paths"]
    seen: set[str] = set()
    for path, item in paths.items():
        for method, operation in item.items():
            if not path.startswith("/api/v1") or method not in {"get", "post", "patch", "put", "delete"}:
                continue
            where = f"{method} {path}"
            assert operation.get("summary"), where
            assert operation.get("description"), where
            assert operation.get("tags"), where
            assert operation["operationId"] not in seen, where
            assert "_" not in operation["operationId"], where
            assert any(code >= "400" for code in operation["responses"]), where
            seen.add(operation["operationId"])
