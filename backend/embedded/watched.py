"""One supervised process through its life: starting, up, waiting to be started again."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

from backend.embedded.child import Child, how_it_ended
from backend.embedded.logs import rotate, size_of, tail
from backend.embedded.problems import CannotRun, StartFailed
from backend.embedded.spec import Launch, ProcessSpec

FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 5.0
STEADY_S = 20.0  # up for that long, the next end counts as the first again
STILL_STARTING_S = 10.0


class Phase(StrEnum):
    """Where a supervised process stands."""

    STARTING = "starting"
    UP = "up"
    WAITING = "waiting"


class Watched:
    """Keeps one process running; `step` is called again and again and never blocks for long."""

    def __init__(self, spec: ProcessSpec, logs: Path, mark: Mapping[str, str], say: Callable[[str], None]) -> None:
        self.spec = spec
        self.log = logs / f"{spec.name}.log"
        self.phase = Phase.WAITING
        self.child: Child | None = None
        self.restarts = 0
        self._env = {**spec.env, **mark}
        self._say = say
        self._launch: Launch | None = None
        self._started = self._told = self._up_since = time.monotonic()
        self._again_at = 0.0
        self._pause_s = FIRST_PAUSE_S
        self._repaired = False

    def launch(self) -> None:
        """Start it; readiness is seen by `step`. Raises CannotRun when there is nothing to start."""
        self.spec.prepare()
        self._started = self._told = time.monotonic()
        begins = size_of(self.log)
        try:
            self.child = Child(
                self.spec.argv,
                log=self.log,
                env=self._env,
                stop_signal=self.spec.stop_signal,
                account=self.spec.account,
                cwd=self.spec.cwd,
            )
        except OSError as exc:
            raise StartFailed(f"{self.spec.name} cannot be started: {self.spec.argv[0]}: {exc.strerror}") from exc
        self._launch = Launch(self.child.pid, self.log, begins)
        self.phase = Phase.STARTING

    def step(self, *, first: bool = False) -> None:
        """Look after it once. With `first` an end or a silence before it is ready raises StartFailed."""
        now = time.monotonic()
        if self.phase is Phase.WAITING:
            if now >= self._again_at:
                self._launch_again()
            return
        assert self.child is not None
        code = self.child.ended()
        if code is not None:
            self.child.end_group()
            self._ended(how_it_ended(code), first=first)
        elif self.phase is Phase.STARTING:
            self._look_if_ready(now, first=first)
        elif now - self._up_since > STEADY_S:
            self._pause_s = FIRST_PAUSE_S

    def keep_log_small(self) -> None:
        """Rotate the log when it has grown large; a full disk must not stop the watching."""
        with suppress(OSError):
            rotate(self.log)

    def last_words(self, lines: int = 15) -> str:
        """What this run wrote last."""
        return tail(self.log, lines, since=self._launch.log_from if self._launch else 0)

    def _look_if_ready(self, now: float, *, first: bool) -> None:
        assert self.child is not None
        assert self._launch is not None
        if self.spec.is_ready(self._launch):
            self.phase = Phase.UP
            self._up_since = now
            took = now - self._started
            self._say(f"{self.spec.name}: {'ready' if not self.restarts else 'back'} in {took:.1f} s")
        elif now - self._started > self.spec.start_timeout_s:
            self.child.send(self.spec.kill_signal)
            if not self.child.wait_s(1.0):
                self.child.end_group()
                self.child.wait_s(1.0)
            self._ended(f"was not ready within {self.spec.start_timeout_s:.0f} s", first=first)
        elif now - self._told > STILL_STARTING_S:
            self._told = now
            self._say(f"{self.spec.name}: still starting ({now - self._started:.0f} s)")

    def _ended(self, how: str, *, first: bool) -> None:
        starting = self.phase is Phase.STARTING
        repaired = self.spec.repair(self.last_words()) if starting and not self._repaired else None
        if repaired is not None:
            self._repaired = True
            self._say(f"{self.spec.name}: {repaired}")
            self.launch()
            return
        if first:
            raise StartFailed(f"{self.spec.name} {how}. Its log {self.log} ends:\n{_indented(self.last_words())}")
        self.phase = Phase.WAITING
        self._again_at = time.monotonic() + self._pause_s
        self._say(f"{self.spec.name}: {how}; starting again in {self._pause_s:.1f} s. {self._why()}")
        self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)
        self.restarts += 1

    def _launch_again(self) -> None:
        try:
            self.launch()
        except CannotRun as exc:
            self._again_at = time.monotonic() + self._pause_s
            self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)
            self._say(f"{self.spec.name}: {exc}")

    def _why(self) -> str:
        words = self.last_words(1).strip()
        return f"Log: {self.log}" + (f" ends: {words[:200]}" if words else "")


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines()) or "  (nothing)"
