"""The built pages over HTTP, from a build of three files."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from httpx import ASGITransport, AsyncClient
from litestar import Litestar
from litestar.config.compression import CompressionConfig

from backend.shell import shell_handlers

pytestmark = pytest.mark.anyio
SCRIPT = b"console.log('anlan');" * 200


@pytest.fixture
async def pages(tmp_path: Path) -> AsyncIterator[AsyncClient]:
    """A server of pages, with the same compression as the API's."""
    build = tmp_path / "dist"
    (build / "assets").mkdir(parents=True)
    (build / "index.html").write_text("<!doctype html><title>安澜</title>")
    (build / "sw.js").write_bytes(SCRIPT)
    (build / "sw.js.gz").write_bytes(gzip.compress(SCRIPT))
    (build / "assets" / "app-1a2b.js").write_bytes(SCRIPT)
    (tmp_path / "secret.txt").write_text("not for you")
    app = Litestar(
        shell_handlers(build),
        compression_config=CompressionConfig(backend="gzip", minimum_size=1, exclude_opt_key="packed_already"),
    )
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as http:
        yield http


@pytest.mark.parametrize("path", ["/", "/alarms/0193b1a2", "/commitment", "/index.html"])
async def test_every_address_of_the_pages_answers_the_shell_unkept(pages: AsyncClient, path: str) -> None:
    answer = await pages.get(path)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")
    assert "安澜" in answer.text
    assert "default-src 'self'" in answer.headers["content-security-policy"]


async def test_a_hashed_file_is_kept_for_ever(pages: AsyncClient) -> None:
    answer = await pages.get("/assets/app-1a2b.js")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/javascript")


async def test_a_packed_file_is_packed_once(pages: AsyncClient) -> None:
    answer = await pages.get("/sw.js", headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.content == SCRIPT  # the client has unpacked it, once
    plain = await pages.get("/sw.js", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == SCRIPT


@pytest.mark.parametrize(
    "path", ["/assets/gone.js", "/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt"]
)
async def test_nothing_outside_the_build_is_served(pages: AsyncClient, path: str) -> None:
    answer = await pages.get(path)
    assert "not for you" not in answer.text
    assert answer.status_code in {200, 404}


async def test_without_a_build_it_says_how_to_make_one(tmp_path: Path) -> None:
    app = Litestar(shell_handlers(tmp_path / "nothing"))
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as http:
        answer = await http.get("/")
    assert answer.status_code == 404
    assert "make setup" in answer.text


async def test_a_probe_may_ask_for_the_head_alone(pages: AsyncClient) -> None:
    answer = await pages.head("/")
    assert (answer.status_code, answer.content) == (200, b"")
