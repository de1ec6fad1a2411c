"""The text an operator gives to an external Mosquitto; that it works is shown by the tests of both brokers."""

from __future__ import annotations

from backend.embedded.logins import GatewayLogin
from backend.embedded.mosquitto import render_acl, render_passwords

GATEWAYS = [
    GatewayLogin("GW-1", "370305", "E1", pbkdf2_hash="$7$101$c2FsdA==$aGFzaA=="),
    GatewayLogin("GW-2", "3703A1", "E2"),
]


def test_each_gateway_has_lines_of_its_own() -> None:
    first, *gateways = render_acl(GATEWAYS).split("\n\n")
    assert first == "user backend\ntopic readwrite anlan/v1/#\ntopic readwrite spBv1.0/#"
    assert [block.strip() for block in gateways] == [
        block_of("GW-1", "370305", "E1"),
        block_of("GW-2", "3703A1", "E2"),
    ]


def block_of(code: str, region: str, enterprise: str) -> str:
    return "\n".join(
        [
            f"user {code}",
            f"topic write anlan/v1/{region}/{enterprise}/{code}/#",
            *(f"topic write spBv1.0/{enterprise}/{kind}/{code}" for kind in ("NBIRTH", "NDATA", "NDEATH")),
            *(f"topic write spBv1.0/{enterprise}/{kind}/{code}/+" for kind in ("DBIRTH", "DDATA", "DDEATH")),
            f"topic read anlan/v1/{region}/{enterprise}/{code}/cmd/#",
            f"topic read spBv1.0/{enterprise}/NCMD/{code}/#",
            f"topic read spBv1.0/{enterprise}/DCMD/{code}/#",
        ]
    )


def test_gateway_without_a_hash_cannot_sign_in() -> None:
    assert render_passwords(GATEWAYS, "$7$101$x$y") == "backend:$7$101$x$y\nGW-1:$7$101$c2FsdA==$aGFzaA==\n"
