"""The `anlan` command. Each command reads the environment, then calls one function that does the work."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any

import click

from backend.errors import Problem
from backend.settings import Settings, SettingsError, load_settings


class Anlan(click.Group):
    """A group whose commands end with one plain sentence instead of a traceback when the operator can act on it."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; expected refusals become messages."""
        try:
            return super().invoke(ctx)
        except Problem as exc:
            raise click.ClickException(exc.detail) from exc
        except SettingsError as exc:
            raise click.ClickException(str(exc)) from exc


@click.group(cls=Anlan, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="anlan")
def main() -> None:
    """Anlan: risk monitoring and early warning for hazardous-chemicals enterprises.

    All settings are ANLAN_… environment variables; docs/settings.md lists them.
    """


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    try:
        return asyncio.run(work)
    except KeyboardInterrupt:
        sys.exit(130)


def _external(settings: Settings) -> Settings:
    """Settings with addresses in them: given ones, or those of an `anlan run` on the same data folder."""
    from backend.embedded.addresses import with_addresses

    return with_addresses(settings)


@main.command()
def openapi() -> None:
    """Print the OpenAPI document."""
    import msgspec

    from backend.app import create_app

    schema = create_app(load_settings()).openapi_schema.to_schema()
    click.echo(msgspec.json.format(msgspec.json.encode(schema), indent=2))


@main.command()
def migrate() -> None:
    """Bring the database to the newest version."""
    from backend.db import migrate as apply

    settings = _external(load_settings())
    _run(apply(settings.database_url or ""))
    click.echo("the database is up to date")
