"""The whole: what an operator sees when it starts, when something is killed, when something is in the way."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import asyncpg
import pytest
from redis.asyncio import Redis

from backend.embedded.leftovers import processes_of
from backend.embedded.ports import free_port
from tests.embedded.runs import Run, gone_soon
from tests.services import HOST, roomy_folder

pytestmark = pytest.mark.anyio
linux = pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder that does not exist yet."""
    with roomy_folder() as path:
        yield path / "data"


@linux
def test_ctrl_c_stops_all_within_five_seconds(data: Path) -> None:
    with Run(data, free_port()) as run:
        run.until("all ready")
        assert len(processes_of(data)) >= 3
        begun = time.monotonic()
        run.process.send_signal(signal.SIGINT)
        run.until("all stopped")
        assert run.process.wait(5) == 0
        assert time.monotonic() - begun < 5
        assert processes_of(data) == []


@linux
def test_killed_supervisor_leaves_no_process_and_the_next_start_is_clean(data: Path) -> None:
    port = free_port()
    with Run(data, port, "/bin/sleep", "1000") as run:
        run.until("all ready")
        run.process.kill()
        run.process.wait()
        assert gone_soon(data)
    with Run(data, port) as again:  # the same port, at once
        again.until("all ready")
        assert again.accepts()


@linux
def test_next_start_ends_what_a_killed_run_left_and_says_so(data: Path) -> None:
    port = free_port()
    stubborn = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(99)"
    )
    with Run(data, port, sys.executable, "-c", stubborn) as run:
        run.until("all ready")
        log = data / "logs" / "extra.log"
        while "deaf" not in log.read_text():
            time.sleep(0.02)
        run.process.kill()
        run.process.wait()
        with Run(data, port) as again:
            assert "left by a run that was killed" in again.until("ended")
            again.until("all ready")


@linux
async def test_each_killed_server_comes_back_with_its_data(data: Path) -> None:
    with Run(data, free_port()) as run:
        run.until("all ready")
        connection = await run.database()
        await connection.execute("create table note(text text); insert into note values ('kept')")
        async with Redis.from_url(run.redis_url) as redis:
            await redis.set("note", "kept")
            await redis.waitaof(1, 0, 2000)
        for service in ("postgres", "valkey", "broker"):
            os.kill(run.pid(service), signal.SIGKILL)
            run.until(f"{service}: was killed by SIGKILL")
            run.until(f"{service}: back")
        with suppress(asyncpg.PostgresError, OSError):
            await connection.close(timeout=1)
        connection = await run.database()
        assert await connection.fetchval("select text from note") == "kept"
        await connection.close()
        async with Redis.from_url(run.redis_url) as redis:
            assert await redis.get("note") == b"kept"
        assert run.accepts()


@linux
async def test_postgres_comes_back_beside_an_orphan_busy_with_a_query(data: Path) -> None:
    with Run(data, free_port()) as run:
        run.until("all ready")
        busy = await run.database()
        orphan = busy.get_server_pid()
        # Computes without looking up, so it does not see that its postmaster is gone.
        query = asyncio.ensure_future(
            busy.execute("select count(*) from generate_series(1, 100000000000) g where g < 0")
        )
        await asyncio.sleep(0.3)
        os.kill(run.pid("postgres"), signal.SIGKILL)
        run.until("postgres: back")
        assert not os.access(f"/proc/{orphan}/cwd/PG_VERSION", os.F_OK)
        with suppress(asyncpg.PostgresError, OSError):
            await query
        connection = await run.database()
        assert await connection.fetchval("select 1") == 1
        await connection.close()


@linux
def test_server_that_keeps_dying_is_started_ever_more_slowly(data: Path) -> None:
    with Run(data, free_port(), "/bin/sh", "-c", "sleep 0.3; echo no licence; exit 3") as run:
        line = run.until("extra: ended with exit code 3")
        assert "again in 0.2 s" in line
        assert "no licence" in line
        assert "again in 0.4 s" in run.until("extra: ended with exit code 3")
        assert "again in 0.8 s" in run.until("extra: ended with exit code 3")


def test_second_run_on_the_same_folder_is_told_who_holds_it(data: Path) -> None:
    with Run(data, free_port()) as run:
        run.until("all ready")
        with Run(data, free_port(), still_held=True) as second:
            line = second.until("cannot run")
            assert f"process {run.process.pid}" in line
            assert "ANLAN_DATA_DIR" in line
            assert second.process.wait(5) == 1
        assert run.accepts()


def test_taken_port_is_named_with_its_setting_and_holder(data: Path) -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        with Run(data, port) as run:
            line = run.until("cannot run")
            assert f"port {port}" in line
            assert "ANLAN_MQTT_PORT" in line
            if sys.platform == "linux":
                assert f"process {os.getpid()}" in line
            assert run.process.wait(5) == 1


def test_two_runs_with_other_folders_and_ports_live_side_by_side(data: Path) -> None:
    with Run(data, free_port()) as one, Run(data.with_name("other"), free_port()) as two:
        one.until("all ready")
        two.until("all ready")
        assert one.accepts()
        assert two.accepts()
