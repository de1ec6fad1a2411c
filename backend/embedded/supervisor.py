"""Starts processes in order, keeps them running, and stops them in reverse."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType, TracebackType

from backend.embedded.leftovers import MARK
from backend.embedded.spec import ProcessSpec
from backend.embedded.watched import Phase, Watched

STARTING_STEP_S = 0.01
RUNNING_STEP_S = 0.1
LOGS_EVERY_S = 5.0
STOP_WITHIN_S = 3.4  # of the five seconds promised: killing what does not listen takes its time as well
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
KEPT_FOR_FIRST_S = 1.2  # for the group started first, the databases, whatever the others take
SHORTEST_WAIT_S = 0.3


class Supervisor:
    """Keeps processes running until told to stop. Used as a context: leaving it stops everything.

    Processes given to one `start` start together, are ready when it returns, and stop together. Starting belongs to
    the main thread. Each carries the folder's mark in its environment, by which a later run knows it again.
    """

    def __init__(self, folder: Path, logs: Path, say: Callable[[str], None] = print) -> None:
        self._logs = logs
        self._say = say
        self._mark = {MARK: str(folder)}
        self._groups: list[list[Watched]] = []
        self._asked_to_stop = 0
        self._interruptible = True
        self._before: dict[signal.Signals, object] = {}

    def __enter__(self) -> Supervisor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self._give_signals_back()

    def take_signals(self) -> None:
        """From here on Ctrl-C, SIGTERM and a closed terminal end `run`, or whatever is under way before it
        (as KeyboardInterrupt); a second one while stopping kills what still runs."""
        for number in STOP_SIGNALS:
            # A script's background process is born deaf to SIGINT; nohup means what it says.
            if number is not signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._on_signal)

    def start(self, *specs: ProcessSpec) -> None:
        """Start processes together and wait until all are ready. Raises StartFailed with the last words of the
        first that is not; the processes of earlier calls are looked after meanwhile."""
        group = [Watched(spec, self._logs, self._mark, self._say) for spec in specs]
        self._groups.append(group)
        for watched in group:
            watched.launch()
        while any(watched.phase is not Phase.UP for watched in group):
            self._step(first=group)
            time.sleep(STARTING_STEP_S)

    def run(self) -> None:
        """Look after all processes until a signal or `ask_to_stop`."""
        self._interruptible = False
        next_logs = time.monotonic() + LOGS_EVERY_S
        try:
            while not self._asked_to_stop:
                self._step()
                _reap_adopted({watched.child.pid for watched in self._all() if watched.child})
                if time.monotonic() >= next_logs:
                    next_logs += LOGS_EVERY_S
                    for watched in self._all():
                        watched.keep_log_small()
                time.sleep(RUNNING_STEP_S)
        finally:
            self._interruptible = True

    def ask_to_stop(self) -> None:
        """Make `run` return soon; callable from any thread."""
        self._asked_to_stop += 1

    def pid(self, name: str) -> int | None:
        """Process id of the process called `name` while it runs."""
        for watched in self._all():
            if watched.spec.name == name and watched.child and watched.child.ended() is None:
                return watched.child.pid
        return None

    def stop(self) -> None:
        """Stop all, last started first, within five seconds; what does not listen is killed. Safe to repeat."""
        self._interruptible = False
        asked, until = self._asked_to_stop, time.monotonic() + STOP_WITHIN_S
        if self._all():
            self._say("stopping …")
        while self._groups:
            group = self._groups[-1]
            until_group = until if len(self._groups) == 1 else until - KEPT_FOR_FIRST_S
            self._stop_group(group, max(until_group, time.monotonic() + SHORTEST_WAIT_S), asked)
            self._groups.pop()

    def _stop_group(self, group: list[Watched], until: float, asked: int) -> None:
        running = [w for w in group if w.child is not None and w.child.ended() is None]
        for watched in reversed(running):
            assert watched.child is not None
            watched.child.send(watched.spec.stop_signal)
        while _any_runs(running) and time.monotonic() < until and self._asked_to_stop <= max(asked, 1):
            time.sleep(STARTING_STEP_S)
        for watched in running:
            assert watched.child is not None
            if watched.child.ended() is None:
                self._say(f"{watched.spec.name}: did not stop when asked; killing it")
                watched.child.send(watched.spec.kill_signal)
                if not watched.child.wait_s(SHORTEST_WAIT_S):
                    watched.child.send(signal.SIGKILL)
                    watched.child.wait_s(SHORTEST_WAIT_S)
            watched.child.end_group()

    def _step(self, first: list[Watched] | None = None) -> None:
        for watched in self._all():
            watched.step(first=first is not None and watched in first)

    def _all(self) -> list[Watched]:
        return [watched for group in self._groups for watched in group]

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._asked_to_stop += 1
        if self._interruptible:
            raise KeyboardInterrupt

    def _give_signals_back(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]  # what signal.signal returned itself
        self._before.clear()


def _any_runs(group: list[Watched]) -> bool:
    return any(watched.child is not None and watched.child.ended() is None for watched in group)


def _reap_adopted(ours: set[int]) -> None:
    """As process 1 of a container, bury the orphans that the kernel hands to us."""
    if os.getpid() != 1:
        return
    with suppress(ChildProcessError):
        while True:
            seen = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if seen is None or seen.si_pid in ours:  # ours is asked for its exit code by its own Child
                return
            os.waitpid(seen.si_pid, os.WNOHANG)
