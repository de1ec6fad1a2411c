"""The pages of the passport, on a phone and on a desk, light and dark: they fit, report no error and are accessible."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.e2e.conftest import OpenPage, Story
from tests.e2e.people import as_person
from tests.e2e.test_pages import assert_holds_up, noted_errors

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(180)]
PAGES = {
    "officer": [
        "/passports",
        "/passports/bulk",
        "/passports/tanks/{tank}",
        "/passports/new?tank={tank}",
        "/passports/{id}",
    ],
    "expert": ["/", "/passports", "/me", "/passports/{id}", "/passports/{id}/verify"],
    "linzi": ["/passports", "/passports/{id}", "/passports/tanks/{tank}"],
}


@pytest.fixture(scope="module")
async def proposed(story: Story) -> dict[str, str]:
    """A proposal for the first tank, with all it has."""
    officer = await as_person(story, "officer")
    tank = (await officer.get("/tanks")).json()["items"][0]
    lines = [
        {
            "pointId": point["id"],
            "replaces": point["limits"]["version"],
            **{name: point["limits"][name] for name in ("ll", "l", "h", "hh")},
        }
        for point in tank["points"]
    ]
    lines[0]["hh"] -= 1
    body = {
        "id": str(uuid4()),
        "tankId": tank["id"],
        "reason": "每年一次的现场核定，储罐大修后首次投用",
        "lines": lines,
    }
    answer = await officer.post("/limit-proposals", json=body)
    assert answer.status_code == 201, answer.text
    await officer.aclose()
    return {"id": body["id"], "tank": tank["id"]}  # type: ignore[dict-item]


@pytest.mark.parametrize("desk", [False, True], ids=["phone", "desk"])
@pytest.mark.parametrize("who", list(PAGES))
async def test_every_page_of_the_passport_fits_and_is_accessible(
    open_page: OpenPage, proposed: dict[str, str], who: str, desk: bool
) -> None:
    page = await open_page(who, desk=desk)
    await page.context.grant_permissions(["geolocation"])
    await page.context.set_geolocation({"longitude": 118.305, "latitude": 36.812, "accuracy": 4})
    errors = noted_errors(page)
    for path in PAGES[who]:
        await page.goto(path.format(**proposed))
        await assert_holds_up(page)
    assert errors == []
