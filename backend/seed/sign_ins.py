"""The password of the demo city, and the two files that tell it to the visitor and to the simulator."""

from __future__ import annotations

import secrets
from pathlib import Path

import msgspec

from backend.domains.accounts.rules import check_password
from backend.embedded.files import write_private
from backend.errors import Invalid
from backend.simulator.city import City
from backend.simulator.city.places import PLACES
from backend.simulator.credentials import GATEWAYS_FILE, SIGN_INS_FILE, SignIn, SignIns

CONSONANTS, VOWELS = "bdfghjklmnprstvz", "aeiou"
GROUPS = 4


def new_password() -> str:
    """Four groups of two syllables such as `kavo-tiru-mesa-lodi`: 50 random bits that a phone's keyboard bears."""
    syllables = [secrets.choice(CONSONANTS) + secrets.choice(VOWELS) for _ in range(2 * GROUPS)]
    return "-".join("".join(syllables[i : i + 2]) for i in range(0, len(syllables), 2))


def check_demo_password(password: str, city: City) -> None:
    """Raises Invalid for a password that one of the accounts may not have."""
    for person in (*(p for e in city.enterprises for p in e.people), *city.officials):
        if complaint := check_password(password, person.username):
            raise Invalid(f"ANLAN_DEMO_PASSWORD cannot be the password of {person.username}: {complaint}")


def shown_accounts(city: City) -> list[SignIn]:
    """One account for each role, and a second district to see where its view ends."""
    jobs = {"enterprise_operator": "操作员 operator", "safety_officer": "安全员 safety officer",
            "main_responsible": "主要负责人 main responsible person"}  # fmt: skip
    own = [SignIn(p.username, f"{jobs[p.role]}, {p.name}, {city.visitor.name}") for p in city.visitor.people]
    districts = [
        SignIn(place.slug, f"{place.name} 监管 district regulator")
        for place in PLACES.values()
        if place.slug in ("linzi", "huantai")
    ]
    return [
        *own,
        *districts,
        SignIn("city", "淄博市 监管 city regulator"),
        SignIn("expert", "安全专家 safety expert, 韩松涛"),
        SignIn("admin", "管理员 administrator"),
    ]


def write_sign_ins(data_dir: Path, password: str, city: City) -> None:
    """Tell the sign-ins of the city."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    told = SignIns(password, shown_accounts(city))
    write_private(data_dir / SIGN_INS_FILE, msgspec.json.format(msgspec.json.encode(told)).decode())


def write_gateways(data_dir: Path, secrets_by_code: dict[str, str]) -> None:
    """Tell the simulator what its gateways sign in with."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(data_dir / GATEWAYS_FILE, msgspec.json.encode(secrets_by_code).decode())
