"""A small `anlan run` for the tests: `python -m tests.embedded.run_services FOLDER MQTT_PORT [argv of one more …]`.

With RUN_AS=uid in its environment it becomes that user first.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from backend.embedded.folder import claimed_folder
from backend.embedded.problems import CannotRun
from backend.embedded.programs import postgres_major
from backend.embedded.services import start_services
from backend.embedded.spec import SERVER_ENV, ProcessSpec
from backend.embedded.supervisor import Supervisor


def say(line: str) -> None:
    """To the console, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def become(uid: int) -> None:
    """Go on as an ordinary user. Everything is imported by now: that user may not reach the interpreter's files."""
    postgres_major()
    "localhost".encode("idna")  # a codec is a module, too, loaded at first use
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)


def main(folder_path: str, mqtt_port: str, *extra: str) -> int:
    """Run until a signal; 1 and a message when it cannot."""
    try:
        with claimed_folder(Path(folder_path), say) as folder, Supervisor(folder.path, folder.logs, say) as supervisor:
            supervisor.take_signals()
            start_services(supervisor, folder, mqtt_port=int(mqtt_port))
            if extra:
                supervisor.start(ProcessSpec(name="extra", argv=extra, env=SERVER_ENV))
            say("all ready")
            supervisor.run()
    except CannotRun as exc:
        say(f"cannot run: {exc}")
        return 1
    except KeyboardInterrupt:
        pass  # The signal came between the last words and `run`; all is stopped just the same.
    say("all stopped")
    return 0


if __name__ == "__main__":
    if os.environ.get("RUN_AS"):
        become(int(os.environ["RUN_AS"]))
    sys.exit(main(*sys.argv[1:]))
