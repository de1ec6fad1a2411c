"""`anlan seed` and `anlan simulate`: the demo city."""

from __future__ import annotations

import click

from backend.commands.base import found_settings, opened, run_async
from backend.settings import Settings
from backend.simulator import SCENARIO_NAMES


@click.command()
def seed() -> None:
    """Make the demo city with a month of history, once; refused where other enterprises are.

    Prints one sign-in for each role. ANLAN_DEMO_PASSWORD sets the password of all its people.
    """
    settings = found_settings()
    made = run_async(_seed(settings))
    click.echo("the demo city is made" if made else "the demo city is there already")
    from backend.seed.run import demo_sign_ins

    for username, password, words in demo_sign_ins(settings):
        click.echo(f"  {username:<12} {password:<24} {words}")


@click.command()
@click.option("--scenario", type=click.Choice(SCENARIO_NAMES), help="play one incident and return")
@click.option("--enterprise", help="where: code or short name of an enterprise [default: one in Linzi]")
@click.option("--target", help="at which tank, detector or gateway, by its code [default: one that suits]")
@click.option("--after", "after_s", type=click.FloatRange(min=0), default=0.0, help="seconds to wait before it")
@click.option(
    "--speed", type=click.FloatRange(min=0.05, max=20), default=1.0, help="how fast it goes", show_default=True
)
@click.option("--hold", is_flag=True, help="let it stand at its worst until Ctrl-C")
@click.option("--people/--no-people", default=True, help="whether people file and acknowledge")
@click.option("--seed", type=int, help="another city with other days; plants must have been made with it")
@click.option(
    "--interval",
    "interval_s",
    type=click.FloatRange(min=1, max=60),
    default=5.0,
    help="seconds between frames",
    show_default=True,
)
def simulate(
    scenario: str | None,
    enterprise: str | None,
    target: str | None,
    after_s: float,
    speed: float,
    hold: bool,
    people: bool,
    seed: int | None,
    interval_s: float,
) -> None:
    """Bring the demo city to life over MQTT and the public API, or play one incident in it.

    An incident is played by the simulator that runs already, such as that of `anlan run`; without one, this command
    sends for the gateway itself while the incident lasts.
    """
    from backend.simulator.city import CITY_SEED
    from backend.simulator.run import CannotSimulate, run_simulate

    try:
        run_async(
            run_simulate(
                found_settings(),
                scenario=scenario,
                enterprise=enterprise,
                target=target,
                after_s=after_s,
                speed=speed,
                hold=hold,
                people=people,
                seed=CITY_SEED if seed is None else seed,
                interval_s=interval_s,
                say=click.echo,
            )
        )
    except CannotSimulate as exc:
        raise click.ClickException(str(exc)) from exc


async def _seed(settings: Settings) -> bool:
    from backend.domains.regions.zibo import plant_tree
    from backend.running import admit_known_gateways
    from backend.seed.run import run_seed

    async with opened(settings):
        await plant_tree()
        made = await run_seed(settings, click.echo)
    await admit_known_gateways(settings)
    return made
