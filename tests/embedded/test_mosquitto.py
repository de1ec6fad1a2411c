"""The text an operator gives to an external Mosquitto; that it works is shown by the tests of both brokers."""

from __future__ import annotations

from backend.embedded.logins import GatewayLogin
from backend.embedded.mosquitto import render_acl, render_passwords

GATEWAYS = [
    GatewayLogin("GW-1", "370305", "E1", pbkdf2_hash="$7$101$c2FsdA==$aGFzaA=="),
    GatewayLogin("GW-2", "3703A1", "E2"),
]


def test_each_gateway_has_lines_of_its_own() -> None:
    assert render_acl(GATEWAYS) == (
        "user backend\ntopic readwrite anlan/v1/#\n"
        "\nuser GW-1\ntopic write anlan/v1/370305/E1/GW-1/#\ntopic read anlan/v1/370305/E1/GW-1/cmd/#\n"
        "\nuser GW-2\ntopic write anlan/v1/3703A1/E2/GW-2/#\ntopic read anlan/v1/3703A1/E2/GW-2/cmd/#\n"
    )


def test_gateway_without_a_hash_cannot_sign_in() -> None:
    assert render_passwords(GATEWAYS, "$7$101$x$y") == "backend:$7$101$x$y\nGW-1:$7$101$c2FsdA==$aGFzaA==\n"
