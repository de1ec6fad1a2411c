"""A push service of our own: takes messages as a browser vendor's would, checks them, opens them and keeps them.

Written against RFC 8030, 8188, 8291 and 8292, with other libraries than the sender uses, so that two misreadings
cannot agree. It listens on loopback; the operator must list it, e.g. ANLAN_PUSH_HOSTS=http://127.0.0.1:9009.

By hand: `python -m tests.support.push_service --port 9009` prints what arrives, one JSON object a line.
    POST /subscriptions   makes a subscription, as `PushSubscription.toJSON()` would say it
    POST /push/{token}    takes a message for it
    GET  /messages        what has arrived
    POST /answers         {"status": 410, "times": 1, "retryAfter": 30}: what to answer next
"""

from __future__ import annotations

import argparse
import base64
import json
import re
import secrets
import sys
import threading
import time
from collections import deque
from dataclasses import asdict, dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

import http_ece
import jwt
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

LARGEST_BODY = 4096  # A push service need not take more (RFC 8030, 7.2).
LONGEST_TOKEN_LIFE_S = 24 * 3600
URGENCIES = {"very-low", "low", "normal", "high"}
TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")


class NotAMessage(Exception):
    """The request breaks one of the standards; `status` is what a push service answers."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


@dataclass
class Received:
    """A message that arrived. at: seconds of the monotonic clock; data: the opened text as JSON, if it is JSON."""

    token: str
    text: str
    ttl_s: int
    urgency: str
    topic: str | None
    subject: str
    at: float
    data: dict[str, Any] = field(default_factory=dict)


@dataclass
class Browser:
    """A browser that subscribed: its private key and secret open what is sealed for it."""

    token: str
    key: EllipticCurvePrivateKey
    auth: bytes

    def keys(self) -> dict[str, str]:
        """What it tells the application server."""
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"p256dh": text_of(point), "auth": text_of(self.auth)}


@dataclass
class ScriptedAnswer:
    """What to answer instead of 201."""

    status: int
    retry_after: str | None = None
    location: str | None = None


class PushServiceDouble:
    """The service on a free port (or the one given), for as long as the block runs."""

    def __init__(self, port: int = 0) -> None:
        self.messages: list[Received] = []
        self.refused: list[str] = []
        self.requests = 0
        self._browsers: dict[str, Browser] = {}
        self._answers: deque[ScriptedAnswer] = deque()
        self._arrived = threading.Condition()
        double = self

        class Handler(_Handler):
            service = double

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        """Where it listens; this is also its entry among the push hosts."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> PushServiceDouble:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def subscribe(self) -> dict[str, Any]:
        """A new browser's subscription, as `PushSubscription.toJSON()` says it."""
        browser = Browser(secrets.token_urlsafe(12), generate_private_key(SECP256R1()), secrets.token_bytes(16))
        self._browsers[browser.token] = browser
        return {"endpoint": f"{self.url}/push/{browser.token}", "expirationTime": None, "keys": browser.keys()}

    def answer_next(
        self, status: int, *, times: int = 1, retry_after: str | None = None, location: str | None = None
    ) -> None:
        """Answer the next requests like this instead of taking them."""
        self._answers.extend(ScriptedAnswer(status, retry_after, location) for _ in range(times))

    def wait_for(self, count: int, timeout_s: float = 10.0) -> list[Received]:
        """The messages, once there are `count` of them. Raises TimeoutError."""
        with self._arrived:
            if not self._arrived.wait_for(lambda: len(self.messages) >= count, timeout_s):
                raise TimeoutError(f"{len(self.messages)} of {count} messages arrived; refused: {self.refused}")
            return list(self.messages)

    def take(self, token: str, headers: dict[str, str], body: bytes) -> ScriptedAnswer:
        """Check and open one request."""
        at = time.monotonic()
        self.requests += 1
        if self._answers:
            return self._answers.popleft()
        try:
            message = self._open(token, headers, body, at)
        except NotAMessage as exc:
            self.refused.append(str(exc))
            return ScriptedAnswer(exc.status)
        with self._arrived:
            self.messages.append(message)
            self._arrived.notify_all()
        return ScriptedAnswer(201)

    def _open(self, token: str, headers: dict[str, str], body: bytes, at: float) -> Received:
        browser = self._browsers.get(token)
        if browser is None:
            raise NotAMessage(404, "no such subscription")
        subject = check_vapid(headers.get("authorization", ""), self.url)
        if headers.get("content-encoding") != "aes128gcm":
            raise NotAMessage(415, "content-encoding must be aes128gcm")
        if not headers.get("ttl", "").isdigit():
            raise NotAMessage(400, "ttl is required")
        urgency, topic = headers.get("urgency", "normal"), headers.get("topic")
        if urgency not in URGENCIES or (topic is not None and not TOPIC.fullmatch(topic)):
            raise NotAMessage(400, f"urgency {urgency!r} or topic {topic!r} is not allowed")
        if len(body) > LARGEST_BODY:
            raise NotAMessage(413, f"{len(body)} bytes are too many")
        try:
            plain = http_ece.decrypt(body, private_key=browser.key, auth_secret=browser.auth, version="aes128gcm")
        except Exception as exc:
            raise NotAMessage(400, f"cannot be opened: {exc}") from exc
        text = plain.decode()
        data = json.loads(text) if text.startswith("{") else {}
        return Received(token, text, int(headers["ttl"]), urgency, topic, subject, at, data)


def check_vapid(header: str, own_url: str) -> str:
    """The sender's contact from a valid VAPID header; raises NotAMessage for any other."""
    found = re.fullmatch(r"vapid t=([\w.-]+), ?k=([\w-]+)", header)
    if found is None:
        raise NotAMessage(401, "no VAPID authorization")
    try:
        key = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), bytes_of(found[2]))
        # Senders may leave the port out of the origin; a real service has none.
        audiences = [own_url, own_url.rpartition(":")[0]]
        claims = jwt.decode(
            found[1], key, algorithms=["ES256"], audience=audiences, options={"require": ["exp", "aud", "sub"]}
        )
    except (jwt.PyJWTError, ValueError) as exc:
        raise NotAMessage(403, f"VAPID: {exc}") from exc
    if claims["exp"] - time.time() > LONGEST_TOKEN_LIFE_S:
        raise NotAMessage(403, "VAPID: valid for more than 24 hours")
    if not re.fullmatch(r"(mailto:[^@:\s]+@[^@\s]+|https://\S+)", claims["sub"]):
        raise NotAMessage(403, f"VAPID: {claims['sub']!r} is nobody to write to")
    return str(claims["sub"])


class _Handler(BaseHTTPRequestHandler):
    service: PushServiceDouble
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if self.path == "/subscriptions":
            self._answer(201, self.service.subscribe())
        elif self.path == "/answers":
            asked = json.loads(body)
            self.service.answer_next(asked["status"], times=asked.get("times", 1), retry_after=asked.get("retryAfter"))
            self._answer(204)
        elif self.path.startswith("/push/"):
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = self.service.take(self.path.removeprefix("/push/"), headers, body)
            self._answer(answer.status, retry_after=answer.retry_after, location=answer.location)
        else:
            self._answer(404)

    def do_GET(self) -> None:
        if self.path == "/messages":
            self._answer(200, [asdict(message) for message in self.service.messages])
        else:
            self._answer(404)

    def _answer(
        self, status: int, body: Any = None, *, retry_after: str | None = None, location: str | None = None
    ) -> None:
        raw = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        for name, value in (("retry-after", retry_after), ("location", location)):
            if value is not None:
                self.send_header(name, str(value))
        if status != 204:
            self.send_header("content-length", str(len(raw)))
        self.send_header("content-type", "application/json")
        # A page under test asks from another origin.
        self.send_header("access-control-allow-origin", "*")
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        """Say nothing: what matters is printed by whoever runs it."""


def text_of(raw: bytes) -> str:
    """Unpadded base64url."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def bytes_of(text: str) -> bytes:
    """The inverse of `text_of`."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def say(what: dict[str, Any]) -> None:
    """One JSON object a line."""
    sys.stdout.write(json.dumps(what, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Run it by hand and print what arrives."""
    parser = argparse.ArgumentParser(description="A push service on loopback that opens and prints what it gets.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    with PushServiceDouble(parser.parse_args().port) as service:
        say({"listening": service.url})
        shown = 0
        while True:
            try:
                message = service.wait_for(shown + 1, timeout_s=3600)[shown]
            except TimeoutError:
                continue
            except KeyboardInterrupt:
                return
            say(asdict(message))
            shown += 1


if __name__ == "__main__":
    main()
