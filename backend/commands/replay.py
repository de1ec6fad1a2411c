"""`anlan replay`: a recorded file through the broker."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from backend.commands.base import found_settings, opened, run_async
from backend.settings import Settings


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--enterprise", required=True, help="code of the enterprise at which it was measured")
@click.option("--time-column", required=True, help="column with the time: ISO 8601, or seconds or ms since 1970")
@click.option(
    "--map",
    "maps",
    multiple=True,
    required=True,
    metavar="COLUMN=TAG:kind:unit[:lo:hi]",
    help="a column and the point it becomes; give it once for each column",
)
@click.option(
    "--limit",
    "limits",
    multiple=True,
    metavar="TAG:ll=…,l=…,h=…,hh=…",
    help="limits to set before; deadband=…,on=…,off=… (s) damp them",
)
@click.option("--speed", type=click.FloatRange(min=1), default=1.0, help="how many times as fast", show_default=True)
@click.option("--delimiter", default=",", show_default=True)
@click.option("--gateway", help="gateway to send as [default: one for this file, made when missing]")
@click.option("--tank", help="code of the tank at which new points stand")
def replay(
    file: Path,
    enterprise: str,
    time_column: str,
    maps: tuple[str, ...],
    limits: tuple[str, ...],
    speed: float,
    delimiter: str,
    gateway: str | None,
    tank: str | None,
) -> None:
    """Publish a recorded FILE as a gateway would, and account for every line of it.

    The recording is moved as a whole so that its last line falls on the end of the replay: gaps are kept, and at
    --speed 1 it is live. Gateway and points are made where they are missing. Fails when a line is neither stored
    nor rejected.
    """
    run_async(
        _replay(
            found_settings(),
            file,
            enterprise,
            time_column=time_column,
            maps=maps,
            limits=limits,
            speed=speed,
            delimiter=delimiter,
            gateway=gateway,
            tank=tank,
        )
    )


async def _replay(settings: Settings, file: Path, enterprise: str, **options: Any) -> None:
    from backend.replay.run import run_replay

    async with opened(settings) as redis:
        await run_replay(settings, file, enterprise, redis=redis, admit=_admit, say=click.echo, **options)


async def _admit(settings: Settings) -> None:
    """Let the embedded broker know the gateways of the open database."""
    from backend.domains.monitoring.queries import gateway_logins
    from backend.embedded.broker import admit_gateways
    from backend.embedded.logins import GatewayLogin

    rows = await gateway_logins()
    admit_gateways(
        settings.data_dir, [GatewayLogin(r.code, r.adcode, r.enterprise, r.bcrypt_hash, r.pbkdf2_hash) for r in rows]
    )
