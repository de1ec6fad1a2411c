"""`anlan import` and `anlan export`: the registry as a spreadsheet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from backend.commands.base import found_settings, opened, run_async
from backend.settings import Settings

if TYPE_CHECKING:
    from backend.domains.enterprises.workbook.reporting import Report

File = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import")
@click.argument("file", type=File)
@click.option("--dry-run", is_flag=True, help="name every fault and change, and write nothing")
def import_(file: Path, dry_run: bool) -> None:
    """Enter a workbook of enterprises and what stands in them, all or nothing.

    `anlan export` or GET /api/v1/registry/template give one to fill. Prints the secrets of new gateways, this once.
    A second import of the same file changes nothing.
    """
    report = run_async(_import(found_settings(), file.read_bytes(), file.name, dry_run))
    for line in _lines(report):
        click.echo(line)
    if report.fault_count:
        click.echo("nothing was written")
        raise click.exceptions.Exit(1)
    click.echo("dry run: nothing was written" if dry_run else "imported")


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
def export(file: Path) -> None:
    """Write the whole registry into a workbook that can be imported again."""
    file.write_bytes(run_async(_export(found_settings())))
    click.echo(f"{file} is written")


def _lines(report: Report) -> list[str]:
    from backend.domains.enterprises.workbook.faults import where

    lines = [f"{where(each)}: {each.reason} / {each.reason_en}".lstrip(": ") for each in report.faults]
    if report.fault_count:
        return [*lines, f"{report.fault_count} faults"]
    lines += [f"{c.sheet} 第{c.row}行 {c.key} {c.column}: {c.before or '-'} → {c.after or '-'}" for c in report.changes]
    lines += [
        f"{s.sheet}: {s.created} new, {s.changed} changed, {s.removed} removed, {s.unchanged} as they were"
        for s in report.sheets
    ]
    lines += [f"{g.code} {g.name}: grade {g.grade_before} → {g.grade}, R = {g.r_value}" for g in report.regraded]
    return lines + [f"gateway {each.gateway} signs in with {each.secret}" for each in report.secrets]


async def _import(settings: Settings, data: bytes, name: str, dry_run: bool) -> Report:
    from backend.domains.enterprises.workbook.importing import WorkbookFaults, check_workbook, import_workbook
    from backend.kit import clock
    from backend.running import admit_known_gateways

    async with opened(settings) as redis:
        report = await check_workbook(data, clock.now(), by=None)
        if dry_run or report.fault_count:
            return report
        try:
            report = await import_workbook(data, name, clock.now(), by=None, redis=redis)
        except WorkbookFaults:  # Somebody changed the registry since the check.
            return await check_workbook(data, clock.now(), by=None)
    await admit_known_gateways(settings)
    return report


async def _export(settings: Settings) -> bytes:
    from backend.domains.enterprises.workbook.exporting import export_workbook
    from backend.kit import clock

    async with opened(settings):
        return await export_workbook(clock.now(), by=None)
