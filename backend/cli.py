"""The `anlan` command. Each command reads the environment, then calls one function that does the work."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any

import click

from backend.embedded.problems import CannotRun
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
        except (SettingsError, CannotRun) as exc:
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


def _found() -> Settings:
    """Settings with addresses in them: given ones, or those of an `anlan run` on the same data folder."""
    from backend.embedded.addresses import with_addresses
    from backend.logs import configure_logs

    settings = with_addresses(load_settings())
    configure_logs(settings.log_level)
    return settings


@main.command()
@click.option("--simulate/--no-simulate", default=True, help="bring the demo city to life")
@click.option("--empty", is_flag=True, help="no demo city: start with the areas alone")
def run(simulate: bool, empty: bool) -> None:
    """Everything in one: servers, API, worker, ingest, the demo city. Ctrl-C stops it."""
    from backend.running import run_city

    try:
        run_city(load_settings(), simulate=simulate, empty=empty, say=click.echo)
    except KeyboardInterrupt:
        sys.exit(130)


@main.command()
def api() -> None:
    """Serve the API and the pages."""
    from backend.serving import serve

    serve(_found())


@main.command()
def ingest() -> None:
    """Take frames from the broker, judge and store them."""
    from backend.ingest.run import run_ingest

    _run(run_ingest(_found()))


@main.command()
def worker() -> None:
    """Run jobs: scores, pushes, sweeps."""
    from backend.worker import run_worker

    _run(run_worker(_found()))


@main.command()
def migrate() -> None:
    """Bring the database to the newest version."""
    from backend.db import migrate as apply

    _run(apply(_found().database_url or ""))
    click.echo("the database is up to date")


@main.command()
def openapi() -> None:
    """Print the OpenAPI document."""
    import msgspec

    from backend.app import create_app

    schema = create_app(load_settings()).openapi_schema.to_schema()
    click.echo(msgspec.json.format(msgspec.json.encode(schema), indent=2))


if __name__ == "__main__":
    main()
