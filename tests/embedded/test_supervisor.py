"""Order, readiness, patience and last words, shown on small shell processes."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from backend.embedded.child import Child, how_it_ended
from backend.embedded.logs import rotate, tail
from backend.embedded.problems import StartFailed
from backend.embedded.spec import SERVER_ENV, ProcessSpec, says
from backend.embedded.supervisor import Supervisor

PROMISED_S = 5


def shell(name: str, script: str, **more: object) -> ProcessSpec:
    """A process made of a shell script."""
    return ProcessSpec(name=name, argv=["/bin/sh", "-c", script], env=SERVER_ENV, **more)  # type: ignore[arg-type]


@pytest.fixture
def said() -> list[str]:
    """What the supervisor tells the console."""
    return []


@pytest.fixture
def supervisor(tmp_path: Path, said: list[str]) -> Supervisor:
    """One with its logs in a temporary folder."""
    return Supervisor(tmp_path, tmp_path, said.append)


def test_start_returns_when_ready_and_says_how_long_it_took(supervisor: Supervisor, said: list[str]) -> None:
    with supervisor:
        supervisor.start(shell("late", "sleep 0.2; echo now serving; exec sleep 99", is_ready=says("now serving")))
    assert said[0].startswith("late: ready in 0.")


def test_words_of_an_earlier_run_do_not_make_ready(supervisor: Supervisor, tmp_path: Path) -> None:
    (tmp_path / "dumb.log").write_text("now serving\n")
    spec = shell("dumb", "exec sleep 99", is_ready=says("now serving"), start_timeout_s=0.2)
    with supervisor, pytest.raises(StartFailed, match="not ready within"):
        supervisor.start(spec)


def test_end_before_ready_shows_the_last_words(supervisor: Supervisor) -> None:
    with supervisor, pytest.raises(StartFailed, match=r"(?s)exit code 4.*no space left"):
        supervisor.start(shell("full", "echo no space left; exit 4", is_ready=says("never")))


def test_program_that_does_not_exist_is_named(supervisor: Supervisor) -> None:
    with supervisor, pytest.raises(StartFailed, match="/no/such/program"):
        supervisor.start(ProcessSpec(name="ghost", argv=["/no/such/program"], env=SERVER_ENV))


def test_stop_goes_in_reverse(supervisor: Supervisor, tmp_path: Path) -> None:
    for name in ("one", "two"):
        script = f"trap 'echo {name} >> {tmp_path}/order; exit 0' TERM; echo up; while :; do sleep 0.01; done"
        supervisor.start(shell(name, script, is_ready=says("up")))
    supervisor.stop()
    assert (tmp_path / "order").read_text().split() == ["two", "one"]


def test_deaf_processes_are_killed_within_five_seconds(supervisor: Supervisor, said: list[str]) -> None:
    for name in ("one", "two", "three"):
        supervisor.start(shell(name, "trap '' TERM; echo up; while :; do sleep 0.05; done", is_ready=says("up")))
    begun = time.monotonic()
    supervisor.stop()
    assert time.monotonic() - begun < PROMISED_S
    assert sum("killing it" in line for line in said) == 3
    assert supervisor.pid("one") is None


def test_what_a_process_left_in_its_group_goes_with_it(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start(shell("parent", "sleep 98 & echo $!; echo up; wait", is_ready=says("up")))
    grandchild = int(tail(tmp_path / "parent.log").splitlines()[0])
    parent = supervisor.pid("parent")
    assert parent is not None
    os.kill(parent, signal.SIGKILL)
    runs_for(supervisor, 0.5)
    assert not alive(grandchild)
    supervisor.stop()


def test_process_is_started_again_and_the_console_told(supervisor: Supervisor, said: list[str]) -> None:
    supervisor.start(shell("mortal", "exec sleep 99"))
    first = supervisor.pid("mortal")
    assert first is not None
    os.kill(first, signal.SIGKILL)
    runs_for(supervisor, 0.8)
    assert supervisor.pid("mortal") not in (None, first)
    assert [line.split(";")[0].split(" in ")[0] for line in said] == [
        "mortal: ready",
        "mortal: was killed by SIGKILL",
        "mortal: back",
    ]
    supervisor.stop()


def test_second_signal_does_not_wait(supervisor: Supervisor) -> None:
    usual = signal.getsignal(signal.SIGINT)
    supervisor.start(shell("deaf", "trap '' TERM; echo up; while :; do sleep 0.05; done", is_ready=says("up")))
    supervisor.take_signals()
    for delay in (0.2, 0.4):
        threading.Timer(delay, os.kill, (os.getpid(), signal.SIGINT)).start()
    begun = time.monotonic()
    with supervisor:
        supervisor.run()
    assert time.monotonic() - begun < 2
    assert signal.getsignal(signal.SIGINT) is usual


def test_interrupt_while_starting_stops_what_runs(supervisor: Supervisor) -> None:
    supervisor.take_signals()
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM)).start()
    up: int | None = None
    with suppress(KeyboardInterrupt), supervisor:
        supervisor.start(shell("up", "exec sleep 99"))
        up = supervisor.pid("up")
        supervisor.start(shell("slow", "exec sleep 99", is_ready=says("never")))
        pytest.fail("the signal was not heard")
    assert up is not None
    assert not alive(up)


def test_children_belong_to_the_main_thread(tmp_path: Path) -> None:
    caught: list[BaseException] = []

    def start() -> None:
        try:
            Child(["/bin/true"], log=tmp_path / "log", env=SERVER_ENV)
        except RuntimeError as exc:
            caught.append(exc)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert len(caught) == 1


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0, "ended with exit code 0"),
        (3, "ended with exit code 3"),
        (-9, "was killed by SIGKILL"),
        (-99, "was killed by signal 99"),
    ],
)
def test_exit_codes_in_words(code: int, words: str) -> None:
    assert how_it_ended(code) == words


def test_large_log_is_moved_aside_while_it_is_written(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    with log.open("ab", buffering=0) as writer:
        for number in range(5):
            writer.write(f"{number}".encode() * 200)
            assert rotate(log, limit=100, keep=3)
        writer.write(b"on\n")
    assert log.read_text() == "on\n"
    assert [path.read_text()[0] for path in sorted(tmp_path.glob("x.log.*"))] == ["4", "3", "2"]
    assert not rotate(log, limit=100)
    assert not rotate(tmp_path / "none.log", limit=100)


def test_tail_gives_the_last_lines_of_this_run(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    log.write_text("old\n")
    begun = log.stat().st_size
    assert tail(log, since=begun) == ""
    with log.open("a") as file:
        file.write("one\n\ntwo\nthree\n")
    assert tail(log, 2, since=begun) == "two\nthree"
    assert tail(log, since=10_000) == "old\none\ntwo\nthree"
    assert tail(tmp_path / "none.log") == ""


def runs_for(supervisor: Supervisor, seconds: float) -> None:
    """Let it look after its processes for a while."""
    threading.Timer(seconds, supervisor.ask_to_stop).start()
    supervisor.run()


def alive(pid: int) -> bool:
    """Whether a process exists and is not waiting for its burial."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
