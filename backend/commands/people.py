"""`anlan user`: accounts, from the console."""

from __future__ import annotations

import click

from backend.commands.base import found_settings, opened, run_async
from backend.domains.accounts.enums import Role
from backend.settings import Settings


@click.group()
def user() -> None:
    """Accounts: add one, set a password."""


@user.command()
@click.argument("username")
@click.option("--name", required=True, help="the person's name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--enterprise", help="code of the enterprise, for its people")
@click.option("--area", help="area code, for regulators")
@click.option("--phone", default="")
@click.password_option(help="asked for when not given")
def add(
    username: str, name: str, role: str, enterprise: str | None, area: str | None, phone: str, password: str
) -> None:
    """Make an account."""
    run_async(_add(found_settings(), username, name, Role(role), enterprise, area, phone, password))
    click.echo(f"{username} can sign in")


@user.command("password")
@click.argument("username")
@click.password_option(help="asked for when not given")
def set_password_(username: str, password: str) -> None:
    """Set a new password; ends the person's sessions and lifts a lock."""
    run_async(_set(found_settings(), username, password))
    click.echo(f"the password of {username} is set")


async def _add(
    settings: Settings,
    username: str,
    name: str,
    role: Role,
    enterprise: str | None,
    area: str | None,
    phone: str,
    password: str,
) -> None:
    from backend.domains.accounts.service import add_person
    from backend.domains.enterprises.queries import enterprise_by_code
    from backend.kit import clock

    async with opened(settings):
        owner = await enterprise_by_code(enterprise) if enterprise else None
        await add_person(
            username,
            name,
            role,
            password,
            clock.now(),
            by=None,
            adcode=area,
            enterprise_id=owner.id if owner else None,
            phone=phone,
        )


async def _set(settings: Settings, username: str, password: str) -> None:
    from backend.domains.accounts.service import set_password
    from backend.kit import clock

    async with opened(settings):
        await set_password(username, password, clock.now(), by=None)
