"""A small world for tests: two enterprises in two districts, and one person for each role."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import ClassVar

from argon2 import PasswordHasher
from httpx import AsyncClient, Response

from backend.domains.accounts.enums import Role
from backend.domains.accounts.models import Person
from backend.domains.accounts.queries import as_viewer
from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.models import Enterprise
from backend.domains.regions.zibo import CITY

PASSWORD = "a quiet harbour"
LINZI, HUANTAI = "370305", "370321"
# Cheap to verify, so that a test that signs in does not wait for it.
_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
SETTLED_AT = datetime(2026, 1, 1, tzinfo=UTC)


async def make_enterprise(code: str, name: str, adcode: str, **fields: object) -> Enterprise:
    """An enterprise of that code and area."""
    return await Enterprise.create(
        code=code, name=name, short_name=name[:6], adcode=adcode, created_at=SETTLED_AT, **fields
    )


async def make_person(username: str, role: Role, **scope: object) -> Person:
    """Someone who signs in with PASSWORD."""
    return await Person.create(
        username=username, name=f"{username}·人", role=role, password_hash=_HASH, created_at=SETTLED_AT, **scope
    )


@dataclass
class People:
    """Who lives in the small world. `own` and `neighbour` are enterprises of different districts."""

    client: AsyncClient
    own: Enterprise
    neighbour: Enterprise
    persons: dict[str, Person] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    ROLES: ClassVar[dict[str, Role]] = {
        "operator": Role.ENTERPRISE_OPERATOR,
        "officer": Role.SAFETY_OFFICER,
        "head": Role.MAIN_RESPONSIBLE,
        "stranger": Role.SAFETY_OFFICER,
        "linzi": Role.DISTRICT_REGULATOR,
        "huantai": Role.DISTRICT_REGULATOR,
        "city": Role.CITY_REGULATOR,
        "expert": Role.SAFETY_EXPERT,
        "far": Role.SAFETY_EXPERT,
        "admin": Role.ADMINISTRATOR,
    }

    @classmethod
    async def settle(cls, client: AsyncClient) -> People:
        """Make the enterprises and the people."""
        own = await make_enterprise("370305001", "淄博澜屿化工有限公司", LINZI)
        neighbour = await make_enterprise("370321001", "桓台云栈气体有限公司", HUANTAI)
        world = cls(client, own, neighbour)
        scope: dict[str, dict[str, object]] = {
            "stranger": {"enterprise_id": neighbour.id},
            "linzi": {"adcode": LINZI},
            "huantai": {"adcode": HUANTAI},
            "city": {"adcode": CITY},
            "expert": {"adcode": LINZI},
            "far": {"adcode": HUANTAI},
            "admin": {},
        }
        for who, role in cls.ROLES.items():
            where = scope.get(who, {"enterprise_id": own.id})
            world.persons[who] = await make_person(who, role, **where)
        return world

    async def viewer(self, who: str) -> Viewer:
        """The viewer that a person is, for tests below the routes."""
        return await as_viewer(self.persons[who])

    async def sign_in(self, who: str) -> dict[str, str]:
        """Headers of a signed-in person."""
        if who not in self.tokens:
            answer = await self.client.post("/api/v1/session/token", json={"username": who, "password": PASSWORD})
            assert answer.status_code == 201, answer.text
            self.tokens[who] = answer.json()["accessToken"]
        return {"authorization": f"Bearer {self.tokens[who]}"}

    async def get(self, who: str, path: str, **params: object) -> Response:
        """GET as that person."""
        return await self.client.get(f"/api/v1{path}", params=params, headers=await self.sign_in(who))  # type: ignore[arg-type]

    async def post(self, who: str, path: str, body: object = None) -> Response:
        """POST as that person."""
        return await self.client.post(f"/api/v1{path}", json=body, headers=await self.sign_in(who))
