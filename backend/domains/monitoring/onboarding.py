"""What an installer needs to bring a gateway on line: address, branch, a test, a configuration, a QR code.

Script and configuration say the same, because both are written from one list of options. A secret stands in them only
in the answer that made it; otherwise they ask for it.
"""

from __future__ import annotations

import io
import json
import shlex
from collections.abc import Sequence
from urllib.parse import quote, urlsplit

import msgspec
import segno

from backend.settings import Settings

TOPICS = "anlan/v1"
USUAL_PORT = 1883
# Addresses by which only this very machine finds its broker.
NOT_AN_ADDRESS = frozenset({"", "0.0.0.0", "::", "127.0.0.1", "::1", "localhost"})  # noqa: S104 - compared, not bound.
SECRET_VARIABLE = "ANLAN_SECRET"  # noqa: S105 - the name of a variable.
# A test that names a few points proves the way; all of them would not fit on a screen.
POINTS_NAMED = 5


class BrokerPlace(msgspec.Struct, frozen=True):
    """Where gateways find the broker."""

    host: str
    port: int


class Onboarding(msgspec.Struct, frozen=True, kw_only=True):
    """A gateway as its installer meets it. branch: the topics it may publish are below it. tags: of its points."""

    place: BrokerPlace
    code: str
    branch: str
    tags: Sequence[str]
    secret: str | None = None


def branch_of(adcode: str, enterprise_code: str, gateway_code: str) -> str:
    """The branch of the topic tree that is a gateway's own."""
    return f"{TOPICS}/{adcode}/{enterprise_code}/{gateway_code}"


def broker_place(settings: Settings, asked_host: str | None) -> BrokerPlace:
    """Where a gateway finds the broker. A broker that is given by a local address, or is our own, stands where we do:
    the host by which the caller reached us.
    """
    given = urlsplit(settings.mqtt_url or "")
    host = given.hostname or settings.mqtt_host
    port = given.port or (USUAL_PORT if settings.mqtt_url else settings.mqtt_port)
    return BrokerPlace(asked_host or host if host in NOT_AN_ADDRESS else host, port)


def address(told: Onboarding) -> str:
    """One line that holds everything: `mqtt://user:secret@host:port/branch`; no secret where it is not known."""
    host = f"[{told.place.host}]" if ":" in told.place.host else told.place.host
    secret = f":{quote(told.secret, safe='')}" if told.secret else ""
    return f"mqtt://{told.code}{secret}@{host}:{told.place.port}/{told.branch}"


def qr_svg(told: Onboarding) -> str:
    """The address as a QR code, an SVG picture of its own."""
    picture = io.BytesIO()
    segno.make(address(told), error="m", micro=False).save(
        picture, kind="svg", scale=4, border=4, light="#fff", xmldecl=False
    )
    return picture.getvalue().decode().strip()


def client_config(told: Onboarding) -> str:
    """A configuration for `~/.config/mosquitto_pub`, one option a line, that says to any other client what it needs."""
    lines = [
        f"# {told.code}: MQTT 3.1.1, QoS 1; publish below {told.branch}/ only",
        *(f"--{name} {value}".rstrip() for name, value in _options(told)),
        f"--will-topic {told.branch}/state",
        f"--will-payload {_json({'online': False})}",
        "--will-qos 1",
        "--will-retain",
    ]
    return "\n".join(lines) + "\n"


def trial_script(told: Onboarding) -> str:
    """A shell script for `mosquitto_pub` that proves the way without inventing a value: a frame whose values are null.

    It carries no sequence number, so the numbers of the gateway itself are not disturbed.
    """
    given = " ".join(
        f'--{name} "${SECRET_VARIABLE}"' if name == "pw" else f"--{name} {shlex.quote(value)}"
        for name, value in _options(told)
    )
    secret = f"{SECRET_VARIABLE}={shlex.quote(told.secret)}" if told.secret else f': "${{{SECRET_VARIABLE}:?}}"'
    lines = [
        "#!/bin/sh",
        f"# Tests the way of {told.code} to the broker. Needs mosquitto_pub (package mosquitto-clients).",
        "set -eu",
        secret,
        f'pub() {{ mosquitto_pub {given} --topic "{told.branch}/$1" --message "$2"; }}',
    ]
    if told.tags:
        values = _json(dict.fromkeys(told.tags[:POINTS_NAMED]))
        lines.append(f"pub frame '{{\"t\":'\"$(date +%s)\"'000,\"p\":'{shlex.quote(values)}'}}'")
    else:
        lines.append(f"pub state {shlex.quote(_json({'online': True}))}")
    lines.append(f"echo {shlex.quote(f'{told.code}: the broker has taken it')}")
    return "\n".join(lines) + "\n"


def _options(told: Onboarding) -> list[tuple[str, str]]:
    return [
        ("host", told.place.host),
        ("port", str(told.place.port)),
        ("protocol-version", "mqttv311"),
        ("id", told.code),
        ("username", told.code),
        ("pw", told.secret or f"<{SECRET_VARIABLE}>"),
        ("qos", "1"),
    ]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
