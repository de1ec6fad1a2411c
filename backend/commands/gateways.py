"""`anlan gateway`: who may send, and the files that tell a Mosquitto so."""

from __future__ import annotations

import click

from backend.commands.base import found_settings, opened, run_async
from backend.embedded.logins import GatewayLogin
from backend.settings import Settings


@click.group()
def gateway() -> None:
    """Gateways: add one, list them, print a Mosquitto's files."""


@gateway.command()
@click.argument("code")
@click.option("--enterprise", required=True, help="code of the enterprise it stands at")
@click.option("--name", default="")
def add(code: str, enterprise: str, name: str) -> None:
    """Let a gateway in and print its secret, this once."""
    click.echo(run_async(_add(found_settings(), code, enterprise, name)))


@gateway.command("list")
def list_() -> None:
    """Codes, areas and enterprises of all gateways that may sign in."""
    for login in run_async(_logins(found_settings())):
        click.echo(f"{login.username:<24} {login.region} {login.enterprise}")


@gateway.command()
@click.option("--passwords", "part", flag_value="passwords", help="the password file")
@click.option("--topics", "part", flag_value="topics", default=True, help="the access list")
def acl(part: str) -> None:
    """Print a file for an external Mosquitto: its password file or its access list.

    The back end's own line of the password file is left to the operator: `mosquitto_passwd FILE backend`.
    """
    from backend.embedded.mosquitto import render_acl, render_passwords

    logins = run_async(_logins(found_settings()))
    click.echo(render_acl(logins) if part == "topics" else render_passwords(logins, ""), nl=False)


async def _add(settings: Settings, code: str, enterprise: str, name: str) -> str:
    from backend.domains.enterprises.queries import enterprise_by_code
    from backend.domains.monitoring.service import make_gateway
    from backend.kit import clock
    from backend.running import admit_known_gateways

    async with opened(settings) as redis:
        owner = await enterprise_by_code(enterprise)
        made = await make_gateway(owner.id, code, clock.now(), by=None, name=name, redis=redis)
    await admit_known_gateways(settings)
    return made.secret


async def _logins(settings: Settings) -> list[GatewayLogin]:
    from backend.running import known_logins

    return await known_logins(settings)
