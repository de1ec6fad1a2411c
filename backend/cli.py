"""The `anlan` command. Each command reads the environment, then calls one function that does the work."""

from __future__ import annotations

import sys
from typing import Any

import click

from backend.commands.archive import archive
from backend.commands.base import found_settings, run_async
from backend.commands.demo import seed, simulate
from backend.commands.gateways import gateway
from backend.commands.people import user
from backend.commands.registry import export, import_
from backend.commands.replay import replay
from backend.embedded.problems import CannotRun
from backend.errors import Problem
from backend.settings import SettingsError, load_settings


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

    serve(found_settings())


@main.command()
@click.option("--regions", help="codes of the regions to hold, separated by commas [default: all]")
@click.option("--stand-in/--no-stand-in", default=True, help="also take regions that have been left without an owner")
def ingest(regions: str | None, stand_in: bool) -> None:
    """Take frames from the broker, judge and store them.

    Several of these divide the regions among themselves: each region is held by one process at a time, a process that
    was told to hold it comes first, and whoever else runs takes over within seconds when that one ends or hangs.
    """
    from backend.ingest.run import run_ingest

    settings = found_settings()
    wished = tuple(code.strip() for code in regions.split(",") if code.strip()) if regions else settings.regions
    run_async(run_ingest(settings, wished=wished or None, stands_in=stand_in))


@main.command()
def worker() -> None:
    """Run jobs: scores, pushes, sweeps."""
    from backend.worker import run_worker

    run_async(run_worker(found_settings()))


@main.command()
def migrate() -> None:
    """Bring the database to the newest version."""
    from backend.db import migrate as apply

    run_async(apply(found_settings().database_url or ""))
    click.echo("the database is up to date")


@main.command()
def openapi() -> None:
    """Print the OpenAPI document."""
    import msgspec

    from backend.app import create_app

    schema = create_app(load_settings()).openapi_schema.to_schema()
    click.echo(msgspec.json.format(msgspec.json.encode(schema), indent=2))


main.add_command(archive)
main.add_command(user)
main.add_command(gateway)
main.add_command(seed)
main.add_command(replay)
main.add_command(import_)
main.add_command(export)
main.add_command(simulate)


if __name__ == "__main__":
    main()
