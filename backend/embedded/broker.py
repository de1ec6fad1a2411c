"""The embedded MQTT broker: nats-server with one explicit permission for each gateway.

It speaks MQTT 3.1.1 only. What the access list forbids is dropped without a word to the publisher.
"""

from __future__ import annotations

import json
import os
import signal
import socket
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import msgspec

from backend.embedded.files import write_private
from backend.embedded.folder import DataFolder
from backend.embedded.leftovers import is_server
from backend.embedded.logins import BACKEND_USER, PREFIX, SPARKPLUG, GatewayLogin
from backend.embedded.ports import reachable
from backend.embedded.programs import Programs
from backend.embedded.spec import SERVER_ENV, ProcessSpec
from backend.kit.broker_secrets import bcrypt_hash, new_secret

PROGRAM = "nats-server"
MAX_PAYLOAD_BYTES = 1024 * 1024  # 2 000 frames of 58 points in MessagePack; a backfill is sent in pieces
ACK_WAIT_S = 10
# The server lets all subscriptions of one client have 65 535 unacknowledged messages together, so this admits six.
# 760 frames a second that wait for one commit each second stay far below.
MAX_ACK_PENDING = 10_000
MAX_STORE = "4GB"
HANDSHAKE_TIMEOUT_S = 0.4
CONNACK_ACCEPTED = b"\x20\x02\x00\x00"


class BackendLogin(msgspec.Struct, frozen=True):
    """The back end's own sign-in. The hash is kept, so that the same logins always give the same file."""

    password: str
    bcrypt_hash: str


def mqtt_url(login: BackendLogin, host: str, port: int) -> str:
    """How our processes reach the broker as the back end."""
    address = reachable(host)
    return f"mqtt://{BACKEND_USER}:{login.password}@{f'[{address}]' if ':' in address else address}:{port}"


def backend_login(data_dir: Path) -> BackendLogin:
    """The back end's sign-in on this data folder, made at first use and readable for its owner only."""
    path = data_dir / "secrets" / "broker.json"
    with suppress(FileNotFoundError, msgspec.DecodeError):
        return msgspec.json.decode(path.read_bytes(), type=BackendLogin)
    password = new_secret()
    login = BackendLogin(password, bcrypt_hash(password))
    write_private(path, msgspec.json.encode(login).decode())
    return login


def broker_spec(folder: DataFolder, programs: Programs, host: str, port: int) -> ProcessSpec:
    """The broker on `host`:`port`; its sessions, retained and queued messages survive a kill and a power cut."""
    login = backend_login(folder.path)
    config = folder.broker / "broker.conf"
    write_private(config, _render_server(folder, host, port), folder.account)
    if not _users_file(folder.path).exists():
        write_broker_config(_users_file(folder.path), login.bcrypt_hash, [])
    return ProcessSpec(
        name="broker",
        argv=[programs.nats, "-c", config],
        env=SERVER_ENV,
        stop_signal=signal.SIGINT,
        account=folder.account,
        cwd=folder.broker,
        is_ready=lambda _launch: accepts(host, port, BACKEND_USER, login.password),
        prepare=lambda: _pid_file(folder.path).unlink(missing_ok=True),
    )


def admit_gateways(data_dir: Path, gateways: Iterable[GatewayLogin]) -> bool:
    """Make exactly these gateways able to sign in; False when they already were and nothing was done.

    A running broker takes the list over within about 50 ms: newcomers get in, who stays keeps the connection,
    who is no longer listed is cut off. Works from any process that may write to the data folder.
    """
    if not write_broker_config(_users_file(data_dir), backend_login(data_dir).bcrypt_hash, gateways):
        return False
    reload_broker(data_dir)
    return True


def write_broker_config(path: Path, backend_password_hash: str, gateways: Iterable[GatewayLogin]) -> bool:
    """Write the list of users, whole or not at all; False when the file already said the same.

    Gateways without a bcrypt hash are left out.
    """
    text = _render_users(backend_password_hash, gateways)
    with suppress(FileNotFoundError):
        if path.read_text() == text:
            return False
    write_private(path, text)
    return True


def reload_broker(data_dir: Path) -> bool:
    """Tell the running broker to read its users anew; False when none runs here."""
    with suppress(FileNotFoundError, ValueError, ProcessLookupError):
        pid = int(_pid_file(data_dir).read_text())
        if is_server(pid, PROGRAM):
            os.kill(pid, signal.SIGHUP)
            return True
    return False


def accepts(host: str, port: int, username: str, password: str) -> bool:
    """Whether an MQTT 3.1.1 sign-in with these credentials succeeds now; the connection is closed at once."""
    try:
        with socket.create_connection((reachable(host), port), timeout=HANDSHAKE_TIMEOUT_S) as link:
            link.sendall(_connect_packet(f"probe-{os.urandom(6).hex()}", username, password))
            answer = link.recv(4)
            link.sendall(b"\xe0\x00")
            return answer == CONNACK_ACCEPTED
    except OSError:
        return False


def _connect_packet(identifier: str, username: str, password: str) -> bytes:
    def text(value: str) -> bytes:
        raw = value.encode()
        return len(raw).to_bytes(2) + raw

    # Protocol level 4, clean session with user name and password, keep alive 10 s.
    body = text("MQTT") + b"\x04\xc2\x00\x0a" + text(identifier) + text(username) + text(password)
    return b"\x10" + _length(len(body)) + body


def _length(count: int) -> bytes:
    out = bytearray()
    while True:
        count, digit = divmod(count, 128)
        out.append(digit | (0x80 if count else 0))
        if not count:
            return bytes(out)


def _render_server(folder: DataFolder, host: str, port: int) -> str:
    def quoted(value: object) -> str:
        return json.dumps(str(value), ensure_ascii=False)

    # Its own protocol's listener cannot be switched off: it gets any free loopback port, which a reload keeps, and
    # no user may sign in there.
    return f"""server_name: anlan
listen: "127.0.0.1:-1"
pid_file: {quoted(_pid_file(folder.path))}
max_payload: {MAX_PAYLOAD_BYTES}
jetstream {{ store_dir: {quoted(folder.broker / "store")}, max_file_store: {MAX_STORE}, sync_interval: always }}
mqtt {{ host: {quoted(host)}, port: {port}, ack_wait: "{ACK_WAIT_S}s", max_ack_pending: {MAX_ACK_PENDING} }}
authorization {{
  timeout: 5
  include "./users.conf"
}}
"""


def _render_users(backend_hash: str, gateways: Iterable[GatewayLogin]) -> str:
    # A subscription to cmd/# asks for `cmd` itself as well, and so does every other one that ends in #.
    root, sparkplug = _subject(PREFIX), _subject(SPARKPLUG)
    subjects = f'"{root}.>", "{sparkplug}.>"'
    backend = f'{{ publish: [{subjects}], subscribe: ["{root}", {subjects}] }}'
    lines = ["users: [", _user(BACKEND_USER, backend_hash, backend)]
    for gateway in sorted(gateways, key=lambda each: each.username):
        branch = _subject(gateway.branch)
        writes = _list([f"{branch}.>", *map(_subject, gateway.sparkplug_writes)])
        reads = _list(
            each for topic in (f"{gateway.branch}/cmd/#", *gateway.sparkplug_reads) for each in _all_of(topic)
        )
        own = f"{{ publish: {writes}, subscribe: {reads} }}"
        if gateway.bcrypt_hash:
            lines.append(_user(gateway.username, gateway.bcrypt_hash, own))
    return "\n".join([*lines, "]\n"])


def _user(name: str, password_hash: str, permissions: str) -> str:
    login = f'user: "{name}", password: "{password_hash}", allowed_connection_types: ["MQTT"]'
    return f"  {{ {login}, permissions: {permissions} }}"


def _subject(topic: str) -> str:
    # A dot in a topic is two slashes in its subject.
    return topic.replace(".", "//").replace("/", ".").replace("..", "//").replace("+", "*")


def _all_of(topic: str) -> tuple[str, str]:
    """The two subjects of a topic that ends in #."""
    base = _subject(topic.removesuffix("/#"))
    return base, f"{base}.>"


def _list(subjects: Iterable[str]) -> str:
    return json.dumps(list(subjects))


def _users_file(data_dir: Path) -> Path:
    return data_dir / "broker" / "users.conf"


def _pid_file(data_dir: Path) -> Path:
    return data_dir / "broker" / "nats.pid"
