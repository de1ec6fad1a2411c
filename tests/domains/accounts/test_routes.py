from datetime import timedelta

import pytest
from httpx import AsyncClient

from backend.domains.accounts.enums import Role
from backend.domains.accounts.models import Person, Session
from backend.domains.accounts.service import add_person, renew, sign_in
from backend.errors import Problem
from backend.kit import clock
from backend.kit.models import AuditRow
from tests.people import PASSWORD, People

pytestmark = pytest.mark.anyio
KEY = "k" * 48


async def test_nobody_is_asked_to_sign_in(client: AsyncClient) -> None:
    answer = await client.get("/api/v1/me")
    assert answer.status_code == 401
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["type"] == "urn:anlan:not-signed-in"


async def test_a_page_signs_in_with_cookies_it_cannot_read(people: People) -> None:
    answer = await people.client.post("/api/v1/session", json={"username": "officer", "password": PASSWORD})
    assert answer.status_code == 201
    assert answer.json()["enterpriseName"] == people.own.name
    cookies = answer.headers.get_list("set-cookie")
    assert all("HttpOnly" in c for c in cookies if c.startswith(("anlan_access", "anlan_refresh")))
    assert (await people.client.get("/api/v1/me")).json()["username"] == "officer"


async def test_a_write_with_the_cookie_alone_is_refused_as_forged(people: People) -> None:
    await people.client.post("/api/v1/session", json={"username": "officer", "password": PASSWORD})
    bare = await people.client.patch("/api/v1/me", json={"locale": "en"})
    assert (bare.status_code, bare.json()["type"]) == (403, "urn:anlan:forged-request")
    proof = {"x-csrf-token": people.client.cookies["anlan_csrf"]}
    proved = await people.client.patch("/api/v1/me", json={"locale": "en"}, headers=proof)
    assert (proved.status_code, proved.json()["locale"]) == (200, "en")


@pytest.mark.parametrize(("username", "password"), [("officer", "wrong wrong wrong"), ("nobody", PASSWORD)])
async def test_wrong_name_and_wrong_password_answer_alike(people: People, username: str, password: str) -> None:
    answer = await people.client.post("/api/v1/session/token", json={"username": username, "password": password})
    assert (answer.status_code, answer.json()["type"]) == (401, "urn:anlan:wrong-password")


async def test_five_wrong_passwords_lock_even_for_the_right_one(people: People) -> None:
    for _ in range(5):
        await people.client.post("/api/v1/session/token", json={"username": "officer", "password": "not this one"})
    answer = await people.client.post("/api/v1/session/token", json={"username": "officer", "password": PASSWORD})
    assert (answer.status_code, answer.json()["type"], answer.json()["minutes"]) == (429, "urn:anlan:locked", 5)
    later = clock.now() + timedelta(minutes=6)
    done = await sign_in("officer", PASSWORD, later, KEY, address="", device="")
    assert (await Person.get(id=done.person.id)).failed_count == 0


async def test_a_refresh_token_works_once_and_its_theft_ends_the_session(people: People) -> None:
    now = clock.now()
    first = await sign_in("officer", PASSWORD, now, KEY, address="", device="")
    second = await renew(first.refresh, now, KEY)
    raced = await renew(first.refresh, now + timedelta(seconds=5), KEY)
    assert raced.session.id == second.session.id
    with pytest.raises(Problem, match="sign in again"):
        await renew(first.refresh, now + timedelta(minutes=5), KEY)
    with pytest.raises(Problem, match="sign in again"):
        await renew(raced.refresh, now + timedelta(minutes=5), KEY)
    assert (await Session.get(id=first.session.id)).ended_at is not None


async def test_signing_out_everywhere_ends_every_device(people: People) -> None:
    other = await people.client.post("/api/v1/session/token", json={"username": "officer", "password": PASSWORD})
    answer = await people.client.delete("/api/v1/sessions", headers=await people.sign_in("officer"))
    assert answer.json() == {"ended": 2}
    for token in (people.tokens["officer"], other.json()["accessToken"]):
        refused = await people.client.get("/api/v1/me", headers={"authorization": f"Bearer {token}"})
        assert refused.status_code == 401


async def test_a_forged_or_foreign_token_opens_nothing(people: People) -> None:
    token = (await people.sign_in("officer"))["authorization"]
    for broken in (token[:-4] + "AAAA", "Bearer x.y.z", "Bearer ", "Basic abc"):
        assert (await people.client.get("/api/v1/me", headers={"authorization": broken})).status_code == 401


async def test_a_person_who_left_is_out_at_once(people: People) -> None:
    await people.sign_in("officer")
    await Person.filter(username="officer").update(active=False)
    assert (await people.get("officer", "/me")).status_code == 401


async def test_the_city_sees_every_branch_and_a_district_only_its_own(people: People) -> None:
    city, linzi = await people.viewer("city"), await people.viewer("linzi")
    assert {"370305", "370321", "3703A1"} <= city.adcodes
    assert linzi.adcodes == {"370305"}


async def test_a_taken_name_is_refused_and_every_account_leaves_a_trace(people: People) -> None:
    await add_person("second", "x", Role.ADMINISTRATOR, "long enough now", clock.now(), by=await people.viewer("admin"))
    with pytest.raises(Problem, match="taken"):
        await add_person("admin", "x", Role.ADMINISTRATOR, "long enough now", clock.now(), by=None)
    row = await AuditRow.get(verb="person.added")
    assert row.person_name == people.persons["admin"].name


async def test_bad_bodies_get_422_or_400_and_say_why(client: AsyncClient) -> None:
    unknown = await client.post("/api/v1/session", json={"username": "a", "password": "b", "x": 1})
    assert unknown.status_code == 422
    assert "x" in unknown.text
    broken = await client.post("/api/v1/session", content=b"{", headers={"content-type": "application/json"})
    assert broken.status_code == 400
    assert broken.headers["content-type"].startswith("application/problem+json")


async def test_regions_are_a_tree_of_twelve(people: People) -> None:
    rows = (await people.get("officer", "/regions")).json()
    assert len(rows) == 12
    assert rows[0]["adcode"] == "370300"


async def test_guessing_across_accounts_from_one_address_is_slowed_down(client: AsyncClient) -> None:
    for number in range(120):
        answer = await client.post("/api/v1/session/token", json={"username": "", "password": str(number)})
        assert answer.status_code == 422
    slowed = await client.post("/api/v1/session/token", json={"username": "x", "password": "y"})
    assert (slowed.status_code, slowed.json()["type"]) == (429, "urn:anlan:too-many-requests")
