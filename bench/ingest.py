"""Ingest under the load of a country: frames a second held for five minutes, ten times as many, the most it can do.

Broker, database, load and ingest share the machine. `BENCH_SECONDS`, `BENCH_OVERLOAD_SECONDS`, `BENCH_GATEWAYS` and
`BENCH_RATE` change the load.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import msgspec

from backend.db import migrate
from backend.embedded.addresses import ServiceUrls
from backend.embedded.folder import claimed_folder
from backend.embedded.ports import free_port
from backend.embedded.services import start_services
from backend.embedded.spec import ProcessSpec, says
from backend.embedded.supervisor import Supervisor
from bench.figures import figure, latencies, percentile
from bench.ingest_load import ENTERPRISE, REGION, Load, Sent

ROOT = Path(__file__).resolve().parent.parent
GATEWAYS = int(os.environ.get("BENCH_GATEWAYS", "760"))
POINTS = 58
RATE = float(os.environ.get("BENCH_RATE", "760"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "300"))
OVERLOAD = 10
OVERLOAD_SECONDS = float(os.environ.get("BENCH_OVERLOAD_SECONDS", "60"))
OVERLOAD_FIRST_N = 500_000
BACKLOG_FRAMES = 20_000
CLOCK_TICK_S = 1 / os.sysconf("SC_CLK_TCK")

# All points have limits; the first of each gateway has no delay, so its alarm shows what the way itself takes.
SEED = """
insert into region (adcode, name, name_en, kind, path) values ('{region}', 'x', 'x', 'district', '{region}');
insert into enterprise (id, code, name, short_name, initials, adcode, address, residents_500m, units_total, active,
    created_at) values (gen_random_uuid(), '{enterprise}', 'x', 'x', 'x', '{region}', '', 0, 0, true, now());
insert into gateway (code, enterprise_id, name, secret_bcrypt, secret_pbkdf2, active, online, created_at, updated_at)
    select 'GW' || g, e.id, '', '', '', true, false, now(), now()
    from generate_series(0, {gateways} - 1) g, enterprise e;
insert into point (gateway_id, enterprise_id, tag, name, kind, unit, decimals, range_lo, range_hi, active, created_at)
    select g.id, g.enterprise_id, 'P' || p, '', 'level', '%', 1, 0, 100, true, now()
    from gateway g, generate_series(0, {points} - 1) p order by g.id, p;
insert into limit_set (point_id, version, limit_ll, limit_l, limit_h, limit_hh, deadband, on_delay_s, off_delay_s,
    author_name, reason, basis, effective_from, created_at)
    select id, 1, 5, 10, 80, 90, 2, d, d, 'x', 'x', '', now() - interval '1 day', now()
    from (select id, case when tag = 'P0' then 0 else 60 end as d from point) p;
analyze;
"""
COMMIT_LAG_MS = """
select extract(epoch from pg_xact_commit_timestamp(xmin) - t)::float8 * 1000 as ms from frame
where gateway_id % 10 = 0 and t >= $1 and t < $2
"""
ALARM_LATENCY_MS = """
select extract(epoch from pg_xact_commit_timestamp(xmin) - at)::float8 * 1000 as ms from alarm_event
where kind = 'raised' and at >= $1
"""


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory(prefix="anlan-bench-") as temporary:
        path = Path(temporary)
        path.chmod(0o755)
        with (
            claimed_folder(path / "data", _aside) as folder,
            Supervisor(folder.path, folder.logs, _aside) as supervisor,
        ):
            urls = start_services(
                supervisor, folder, mqtt_port=free_port(), postgres_parameters={"track_commit_timestamp": "on"}
            )
            asyncio.run(_seed(urls.database_url))
            _subscribe_only(urls.mqtt_url, "bare-backlog")
            supervisor.start(_ingest(urls, folder.path))
            pid = supervisor.pid("ingest") or 0
            asyncio.run(_hold(urls, pid))
            asyncio.run(_overload(urls, pid))
            if supervisor.pid("ingest") != pid:
                raise RuntimeError("ingest did not live through the overload")
        with (
            claimed_folder(path / "data", _aside) as folder,
            Supervisor(folder.path, folder.logs, _aside) as supervisor,
        ):
            urls = start_services(
                supervisor, folder, mqtt_port=free_port(), postgres_parameters={"track_commit_timestamp": "on"}
            )
            before = asyncio.run(_leave_backlog(urls))
            supervisor.start(_ingest(urls, folder.path))
            asyncio.run(_drain(urls, before))


def _aside(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


async def _seed(database_url: str) -> None:
    await migrate(database_url)
    con = await asyncpg.connect(database_url)
    await con.execute(SEED.format(region=REGION, enterprise=ENTERPRISE, gateways=GATEWAYS, points=POINTS))
    await con.close()


def _ingest(urls: ServiceUrls, data_dir: Path) -> ProcessSpec:
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "ANLAN_DATA_DIR": str(data_dir),
        "ANLAN_DATABASE_URL": urls.database_url,
        "ANLAN_REDIS_URL": urls.redis_url,
        "ANLAN_MQTT_URL": urls.mqtt_url,
    }
    argv = [sys.executable, "-m", "backend.cli", "ingest"]
    return ProcessSpec(name="ingest", argv=argv, env=environment, is_ready=says("ingest.ready"), cwd=ROOT)


async def _hold(urls: ServiceUrls, ingest_pid: int) -> None:
    """The load for five minutes: is every frame stored, how late, and does the lag grow?"""
    con = await asyncpg.connect(urls.database_url)
    frames = round(RATE * SECONDS)
    load = Load(url=urls.mqtt_url, gateways=GATEWAYS, points=POINTS, frames=frames, rate=RATE)
    with _bare(urls.mqtt_url, "bare-live", SECONDS + 60, frames) as bare:
        cpu = _cpu_s(ingest_pid)
        began = await con.fetchval("select now()")
        memory: list[float] = []
        watching = asyncio.create_task(_watch_memory(ingest_pid, memory))
        sent = await _publish(load)
        watching.cancel()
        stored = await _stored(con, frames)
        cpu = _cpu_s(ingest_pid) - cpu
        received = json.loads(bare.stdout.readline()) if bare.stdout else {}
    alarms = [row["ms"] for row in await con.fetch(ALARM_LATENCY_MS, began)]
    first, last = await con.fetchval("select array[min(t), max(t)] from frame")
    early = [row["ms"] for row in await con.fetch(COMMIT_LAG_MS, first, first + (last - first) / 4)]
    late = [row["ms"] for row in await con.fetch(COMMIT_LAG_MS, first + (last - first) * 3 / 4, last)]
    await con.close()
    per_second = stored * POINTS / sent.seconds
    bare_per_second = received["frames"] * POINTS / sent.seconds
    more = {"seconds": round(sent.seconds), "frames_sent": sent.frames, "frames_stored": stored}
    figure("ingest.readings_per_s", per_second, "1/s", bare_per_second, **more, load_behind_ms=round(sent.behind_ms))
    figure("ingest.cpu_us_per_reading", cpu * 1e6 / (stored * POINTS), "us")
    figure("ingest.lag_ms.p99_last_quarter", percentile(late, 99), "ms", percentile(early, 99))
    quarter = max(1, len(memory) // 4)
    figure("ingest.resident_mb", max(memory[-quarter:]), "MB", max(memory[:quarter]))
    latencies("alarm.latency_ms", alarms)


async def _overload(urls: ServiceUrls, ingest_pid: int) -> None:
    """Ten times the load, as far as the broker takes it: is anything lost, how long until all is stored, how large does
    ingest become, and is the lag back where it was when the load is?"""
    con = await asyncpg.connect(urls.database_url)
    before = await con.fetchval("select count(*) from frame")
    frames, rate = round(RATE * OVERLOAD * OVERLOAD_SECONDS), RATE * OVERLOAD
    resting = _resident_mb(ingest_pid)
    load = Load(url=urls.mqtt_url, gateways=GATEWAYS, points=POINTS, frames=frames, rate=rate, first_n=OVERLOAD_FIRST_N)
    sent = await _publish(load)
    ended = time.monotonic()
    stored = await _stored(con, before + frames, within_s=4 * OVERLOAD_SECONDS + 60) - before
    drained = time.monotonic() - ended
    usual = Load(
        url=urls.mqtt_url,
        gateways=GATEWAYS,
        points=POINTS,
        frames=round(RATE * 5),
        rate=RATE,
        first_n=OVERLOAD_FIRST_N + frames // GATEWAYS + 1,
    )
    began = await con.fetchval("select now()")
    await _publish(usual)
    await _stored(con, before + frames + usual.frames)
    lags = [row["ms"] for row in await con.fetch(COMMIT_LAG_MS, began, await con.fetchval("select now()"))]
    await con.close()
    more = {"frames_sent": sent.frames, "frames_stored": stored, "frames_sent_per_s": round(sent.frames / sent.seconds)}
    memory = {"resident_mb": round(_most_resident_mb(ingest_pid)), "resident_mb_before": round(resting)}
    figure("ingest.overload_drained_s", drained, "s", None, wanted_per_s=round(rate), **more, **memory)
    figure("ingest.lag_ms.p99_after_overload", percentile(lags, 99), "ms")


async def _watch_memory(pid: int, into: list[float]) -> None:
    while True:
        into.append(_resident_mb(pid))
        await asyncio.sleep(1)


async def _leave_backlog(urls: ServiceUrls) -> int:
    """Publish while ingest is away; how many frames were stored before."""
    con = await asyncpg.connect(urls.database_url)
    before = await con.fetchval("select count(*) from frame")
    await con.close()
    await _publish(
        Load(
            url=urls.mqtt_url,
            gateways=GATEWAYS,
            points=POINTS,
            frames=BACKLOG_FRAMES,
            rate=0,
            first_n=1_000_000,
            window=200,
        )
    )
    return int(before)


async def _drain(urls: ServiceUrls, before: int) -> None:
    """A backlog that waited at the broker: how fast ingest stores it, and how fast the bare subscriber counts it."""
    con = await asyncpg.connect(urls.database_url)
    stored = await _stored(con, before + BACKLOG_FRAMES)
    seconds = await con.fetchval(
        "select extract(epoch from max(c) - min(c))::float8 from"
        " (select pg_xact_commit_timestamp(xmin) as c from frame where n >= 1000000) f"
    )
    await con.close()
    with _bare(urls.mqtt_url, "bare-backlog", 60, BACKLOG_FRAMES) as bare:
        received = json.loads(bare.stdout.readline()) if bare.stdout else {}
    per_second = (stored - before) * POINTS / seconds
    figure("ingest.backlog_readings_per_s", per_second, "1/s", received["frames"] * POINTS / received["seconds"])


async def _publish(load: Load) -> Sent:
    argv = [sys.executable, "-m", "bench.ingest_load", msgspec.json.encode(load).decode()]
    program = await asyncio.create_subprocess_exec(*argv, cwd=ROOT, stdout=subprocess.PIPE)
    out, _ = await program.communicate()
    if program.returncode:
        raise RuntimeError("the load broke off")
    return msgspec.json.decode(out, type=Sent)


async def _stored(con: asyncpg.Connection, wanted: int, within_s: float = 60) -> int:
    """Wait for that many frames; how many there are when they came or time is up."""
    until = time.monotonic() + within_s
    count = 0
    while count < wanted and time.monotonic() < until:
        await asyncio.sleep(0.2)
        count = await con.fetchval("select count(*) from frame")
    return count


@contextmanager
def _bare(url: str, identifier: str, seconds: float, frames: int) -> Iterator[subprocess.Popen[str]]:
    argv = [sys.executable, "-m", "bench.ingest_bare", url, identifier, str(seconds), str(frames)]
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        program.stdout.readline()
        try:
            yield program
        finally:
            program.terminate()


def _subscribe_only(url: str, identifier: str) -> None:
    with _bare(url, identifier, 10, 0) as program:
        program.wait(timeout=20)


def _resident_mb(pid: int, field: str = "VmRSS") -> float:
    """Memory of a process in use now."""
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(lines[field].split()[0]) / 1024


def _most_resident_mb(pid: int) -> float:
    """The most it ever used."""
    return _resident_mb(pid, "VmHWM")


def _cpu_s(pid: int) -> float:
    """Processor seconds a process has used."""
    fields: list[Any] = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * CLOCK_TICK_S


if __name__ == "__main__":
    main()
