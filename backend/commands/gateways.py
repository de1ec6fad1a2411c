"""`anlan gateway`: who may send, what an installer needs, and the files that tell a Mosquitto so."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from backend.commands.base import found_settings, opened, run_async
from backend.embedded.logins import GatewayLogin
from backend.settings import Settings

if TYPE_CHECKING:
    from backend.domains.monitoring.service import GatewayMade

FILES = click.option(
    "--files",
    "folder",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    help="write QR code, test script and client configuration into this folder",
)
HOST = click.option("--host", help="the address by which gateways reach the broker, for --files")


@click.group()
def gateway() -> None:
    """Gateways: let one in, renew its secret, shut it out, list them, print a Mosquitto's files."""


@gateway.command()
@click.argument("code")
@click.option("--enterprise", required=True, help="code of the enterprise it stands at")
@click.option("--name", default="")
@FILES
@HOST
def add(code: str, enterprise: str, name: str, folder: Path | None, host: str | None) -> None:
    """Let a gateway in and print its secret, this once."""
    click.echo(run_async(_add(found_settings(), code, enterprise, name, folder, host)))


@gateway.command()
@click.argument("code")
@click.option("--reason", required=True, help="why; it goes on the audit chain")
@FILES
@HOST
def renew(code: str, reason: str, folder: Path | None, host: str | None) -> None:
    """Give a gateway a new secret and print it, this once; the old one stops working."""
    click.echo(run_async(_renew(found_settings(), code, reason, folder, host)))


@gateway.command()
@click.argument("code")
@click.option("--reason", required=True, help="why; it goes on the audit chain")
@click.option("--restore", is_flag=True, help="let a retired gateway in again")
def retire(code: str, reason: str, restore: bool) -> None:
    """Shut a gateway out, or let it in again; what it has sent stays."""
    run_async(_retire(found_settings(), code, reason, active=restore))
    click.echo(f"{code} may sign in again" if restore else f"{code} is shut out")


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


async def _add(settings: Settings, code: str, enterprise: str, name: str, folder: Path | None, host: str | None) -> str:
    from backend.domains.enterprises.queries import enterprise_by_code
    from backend.domains.monitoring.service import make_gateway
    from backend.kit import clock
    from backend.running import admit_known_gateways

    async with opened(settings) as redis:
        owner = await enterprise_by_code(enterprise)
        made = await make_gateway(owner.id, code, clock.now(), by=None, name=name, redis=redis)
        await _write_files(settings, made, folder, host)
    await admit_known_gateways(settings)
    return made.secret


async def _renew(settings: Settings, code: str, reason: str, folder: Path | None, host: str | None) -> str:
    from backend.domains.monitoring.service import renew_secret
    from backend.kit import clock
    from backend.running import admit_known_gateways

    async with opened(settings) as redis:
        made = await renew_secret(code, clock.now(), by=None, reason=reason, redis=redis)
        await _write_files(settings, made, folder, host)
    await admit_known_gateways(settings)
    return made.secret


async def _retire(settings: Settings, code: str, reason: str, *, active: bool) -> None:
    from backend.domains.monitoring.service import set_gateway_active
    from backend.kit import clock
    from backend.running import admit_known_gateways

    async with opened(settings) as redis:
        await set_gateway_active(code, active, clock.now(), by=None, reason=reason, redis=redis)
    await admit_known_gateways(settings)


async def _write_files(settings: Settings, made: GatewayMade, folder: Path | None, host: str | None) -> None:
    """The three files of an installer, readable for their owner only: the secret stands in each of them."""
    from backend.domains.monitoring.gateway_detail import onboarding_of
    from backend.domains.monitoring.onboarding import client_config, qr_svg, trial_script
    from backend.embedded.files import write_private

    if folder is None:
        return
    told = await onboarding_of(made.gateway, settings, host, made.secret)
    code = made.gateway.code
    for name, text in (
        (f"{code}.svg", qr_svg(told)),
        (f"{code}-test.sh", trial_script(told)),
        (f"{code}.conf", client_config(told)),
    ):
        write_private(folder / name, text)
        click.echo(f"wrote {folder / name}", err=True)


async def _logins(settings: Settings) -> list[GatewayLogin]:
    from backend.running import known_logins

    return await known_logins(settings)
