"""Real servers for the tests: started once for the session, in a folder of their own, on ports nobody uses.

`services` are the embedded three; `broker` runs a test on the embedded broker and again on Mosquitto where that is
installed; `system_database_url` is the PostgreSQL of the system, or a skip.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from backend.embedded.broker import accepts, admit_gateways
from backend.embedded.folder import DataFolder, claimed_folder, server_account
from backend.embedded.logins import BACKEND_USER, GatewayLogin
from backend.embedded.mosquitto import render_acl, render_passwords
from backend.embedded.ports import free_port
from backend.embedded.postgres import database_url, initialise, postgres_spec
from backend.embedded.programs import Programs
from backend.embedded.services import start_services
from backend.embedded.spec import SERVER_ENV, ProcessSpec
from backend.embedded.supervisor import Supervisor
from backend.kit.broker_secrets import bcrypt_hash, new_secret, pbkdf2_hash

HOST = "127.0.0.1"
ADMITTED_WITHIN_S = 3.0
# Tests may lose a database in a power cut.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

MOSQUITTO_CONF = """listener {port} 127.0.0.1
allow_anonymous false
password_file {folder}/passwd
acl_file {folder}/acl
persistence true
persistence_location {folder}/
autosave_interval 60
max_queued_messages 100000
max_inflight_messages 1000
max_packet_size 1048576
{more}
"""


def say(line: str) -> None:
    """Where supervisors of tests and benches talk: standard output is for figures."""
    sys.stderr.write(f"{line}\n")


@dataclass
class Broker:
    """An MQTT broker; `mqtt_url` signs in as the back end. Gateways are let in by `admit`."""

    kind: str
    port: int
    password: str
    publish_logins: Callable[[list[GatewayLogin]], object]
    username: str = BACKEND_USER
    host: str = HOST
    logins: dict[str, GatewayLogin] = field(default_factory=dict)

    @property
    def mqtt_url(self) -> str:
        """As the back end."""
        return f"mqtt://{self.username}:{self.password}@{self.host}:{self.port}"

    def admit(self, username: str, region: str, enterprise: str, secret: str | None = None) -> str:
        """Let one more gateway in, beside those already admitted, and return its secret."""
        secret = secret or new_secret()
        login = GatewayLogin(username, region, enterprise, bcrypt_hash(secret), pbkdf2_hash(secret))
        self.logins[username] = login
        self.publish_logins(list(self.logins.values()))
        until = time.monotonic() + ADMITTED_WITHIN_S
        while not accepts(self.host, self.port, username, secret):
            assert time.monotonic() < until, f"{self.kind} does not admit {username}"
            time.sleep(0.02)
        return secret

    def dismiss(self, username: str) -> None:
        """Let a gateway in no longer."""
        del self.logins[username]
        self.publish_logins(list(self.logins.values()))


@dataclass
class Services:
    """The embedded three."""

    folder: DataFolder
    database_url: str
    redis_url: str
    broker: Broker

    @property
    def mqtt_url(self) -> str:
        """As the back end."""
        return self.broker.mqtt_url


@contextmanager
def roomy_folder() -> Iterator[Path]:
    """A temporary folder with a short path that every account may walk through, unlike pytest's own."""
    base = tempfile.gettempdir()
    path = Path(tempfile.mkdtemp(prefix="anlan-", dir=base if len(base) < 40 else "/tmp"))
    path.chmod(0o755)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def running_services(path: Path) -> Iterator[Services]:
    """The embedded three on that data folder, until the block ends."""
    port = free_port()
    with claimed_folder(path) as folder, Supervisor(folder.path, folder.logs, say) as supervisor:
        urls = start_services(supervisor, folder, mqtt_port=port, postgres_parameters=FAST)
        password = urls.mqtt_url.split(":")[2].split("@")[0]
        broker = Broker("embedded", port, password, lambda logins: admit_gateways(folder.path, logins))
        yield Services(folder, urls.database_url, urls.redis_url, broker)


def mosquitto_program() -> str | None:
    """Where Mosquitto is installed, if it is."""
    return shutil.which("mosquitto", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


@contextmanager
def running_mosquitto(path: Path, more: str = "") -> Iterator[Broker]:
    """A Mosquitto as docs recommend it to operators, with our password file and access list; skips without one."""
    program = mosquitto_program()
    if program is None:
        pytest.skip("mosquitto is not installed")
    folder = replace(DataFolder(path, server_account()))
    folder.logs.mkdir()
    port, password = free_port(), new_secret()
    backend_hash = pbkdf2_hash(password)
    supervisor: Supervisor

    def write(logins: list[GatewayLogin]) -> None:
        for name, text in (("passwd", render_passwords(logins, backend_hash)), ("acl", render_acl(logins))):
            (path / name).write_text(text)
            folder.give(path / name)
            (path / name).chmod(0o600)

    def publish(logins: list[GatewayLogin]) -> None:
        write(logins)
        pid = supervisor.pid("mosquitto")
        assert pid is not None
        os.kill(pid, 1)  # SIGHUP: both files are read again

    config = path / "mosquitto.conf"
    config.write_text(MOSQUITTO_CONF.format(port=port, folder=path, more=more))
    write([])
    folder.give(path)
    spec = ProcessSpec(
        name="mosquitto",
        argv=[program, "-c", config],
        env=SERVER_ENV,
        account=folder.account,
        is_ready=lambda _launch: accepts(HOST, port, BACKEND_USER, password),
    )
    with Supervisor(path, folder.logs, say) as supervisor:
        supervisor.start(spec)
        yield Broker("mosquitto", port, password, publish)


def system_postgres_bin() -> Path | None:
    """The newest PostgreSQL server from 15 on that the system brings, if it does."""
    found = [
        p for p in Path("/usr/lib/postgresql").glob("*/bin") if p.parent.name.isdigit() and (p / "initdb").exists()
    ]
    return max((p for p in found if int(p.parent.name) >= 15), key=lambda p: int(p.parent.name), default=None)


@pytest.fixture(scope="session")
def services() -> Iterator[Services]:
    """PostgreSQL, the Redis-protocol server and the broker from the installed packages."""
    with roomy_folder() as path, running_services(path / "data") as running:
        yield running


@pytest.fixture(scope="session")
def mosquitto() -> Iterator[Broker]:
    """Mosquitto where it is installed, else a skip."""
    with roomy_folder() as path, running_mosquitto(path) as running:
        yield running


@pytest.fixture(params=["embedded", "mosquitto"])
def broker(request: pytest.FixtureRequest) -> Broker:
    """Each broker in turn."""
    if request.param == "embedded":
        embedded: Services = request.getfixturevalue("services")
        return embedded.broker
    external: Broker = request.getfixturevalue("mosquitto")
    return external


@pytest.fixture(scope="session")
def system_database_url() -> Iterator[str]:
    """The system's PostgreSQL, freshly initialised, where it is installed; else a skip."""
    binaries = system_postgres_bin()
    if binaries is None:
        pytest.skip("the system has no PostgreSQL server from 15 on")
    programs = Programs(binaries, Path(), Path())
    with roomy_folder() as path, claimed_folder(path / "data") as folder:
        initialise(folder, programs)
        with Supervisor(folder.path, folder.logs, say) as supervisor:
            supervisor.start(postgres_spec(folder, programs, FAST))
            yield database_url(folder)
