"""One server process that cannot outlive us."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1
POLL_S = 0.01

_libc = ctypes.CDLL(None, use_errno=True)
_prctl = getattr(_libc, "prctl", None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Account:
    """The system account a child runs as when we are root."""

    name: str
    uid: int
    gid: int


class Child:
    """A process in a group of its own, so that a terminal's Ctrl-C reaches only its parent.

    When the parent dies, even by SIGKILL, the kernel sends `stop_signal` to the child (Linux; elsewhere the next
    start ends what was left). Standard output and error are appended to `log`.
    """

    def __init__(
        self,
        argv: Sequence[str | Path],
        *,
        log: Path,
        env: Mapping[str, str],
        stop_signal: signal.Signals = signal.SIGTERM,
        account: Account | None = None,
        cwd: Path | None = None,
    ) -> None:
        # The death signal fires when the *thread* that forked ends, not the process.
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("children are started from the main thread only")
        parent = os.getpid()
        stop_number = int(stop_signal)

        def before_exec() -> None:  # runs after setuid, which would clear the setting
            if _prctl is not None:
                _prctl(PR_SET_PDEATHSIG, stop_number, 0, 0, 0)
                if os.getppid() != parent:  # died between fork and prctl: nobody would ever tell this child
                    os._exit(1)

        self.stop_signal = stop_signal
        with log.open("ab") as out, warnings.catch_warnings():
            # Python 3.12+ warns of fork beside threads; before_exec only makes two system calls.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._process = subprocess.Popen(
                [str(part) for part in argv],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd=cwd,
                env=dict(env),
                process_group=0,
                preexec_fn=before_exec,  # noqa: PLW1509  # two system calls, no lock taken
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
            )

    @property
    def pid(self) -> int:
        """Process id; also the id of its process group."""
        return self._process.pid

    def ended(self) -> int | None:
        """Exit code once the process has ended (minus the signal's number when killed by one), else None."""
        return self._process.poll()

    def send(self, number: signal.Signals) -> None:
        """Signal the process itself; nothing happens when it has ended."""
        self._process.send_signal(number)

    def wait(self, until: float) -> bool:
        """Whether the process ended before the monotonic instant `until`."""
        while self.ended() is None:
            if time.monotonic() >= until:
                return False
            time.sleep(POLL_S)
        return True

    def wait_s(self, seconds: float) -> bool:
        """Whether the process ended within that time."""
        return self.wait(time.monotonic() + seconds)

    def end_group(self) -> None:
        """Kill what the process started and left behind in its group (a web server's workers, for one)."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)


def how_it_ended(code: int) -> str:
    """An exit code in words."""
    if code >= 0:
        return f"ended with exit code {code}"
    with suppress(ValueError):
        return f"was killed by {signal.Signals(-code).name}"
    return f"was killed by signal {-code}"
