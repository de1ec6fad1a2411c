"""The double refuses what a push service would refuse, or the tests that use it would prove nothing."""

import base64
import time
from collections.abc import Iterator
from typing import Any

import http_ece
import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.support.push_service import PushServiceDouble, bytes_of, text_of


@pytest.fixture
def service() -> Iterator[PushServiceDouble]:
    with PushServiceDouble() as running:
        yield running


def sealed(subscription: dict[str, Any], text: str = '{"title": "x"}') -> bytes:
    """Sealed with the reference library, not with the sender's."""
    keys = subscription["keys"]
    sender = generate_private_key(SECP256R1())
    return http_ece.encrypt(  # type: ignore[no-any-return]
        text.encode(), private_key=sender, dh=bytes_of(keys["p256dh"]), auth_secret=bytes_of(keys["auth"])
    )


def vapid(signer: EllipticCurvePrivateKey, key: EllipticCurvePrivateKey | None = None, **claims: Any) -> str:
    given = {"aud": "http://127.0.0.1", "exp": int(time.time()) + 3600, "sub": "mailto:ops@anlan.example", **claims}
    token = jwt.encode({name: value for name, value in given.items() if value is not None}, signer, algorithm="ES256")
    point = (key or signer).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return f"vapid t={token}, k={text_of(point)}"


def headers(**changes: str) -> dict[str, str]:
    given = {"content-encoding": "aes128gcm", "ttl": "60", "authorization": vapid(generate_private_key(SECP256R1()))}
    return {name.replace("_", "-"): value for name, value in {**given, **changes}.items() if value}


def test_a_right_message_is_taken_and_opened(service: PushServiceDouble) -> None:
    subscription = service.subscribe()
    answer = httpx.post(subscription["endpoint"], content=sealed(subscription), headers=headers(urgency="high"))
    assert answer.status_code == 201
    (message,) = service.wait_for(1)
    assert (message.data, message.urgency, message.ttl_s) == ({"title": "x"}, "high", 60)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"ttl": ""}, 400),
        ({"ttl": "soon"}, 400),
        ({"urgency": "panic"}, 400),
        ({"topic": "t" * 33}, 400),
        ({"topic": "alarm 1"}, 400),
        ({"content_encoding": "aesgcm"}, 415),
        ({"authorization": ""}, 401),
        ({"authorization": "Bearer abc"}, 401),
    ],
)
def test_what_breaks_the_standards_is_refused(service: PushServiceDouble, changes: dict[str, str], status: int) -> None:
    subscription = service.subscribe()
    answer = httpx.post(subscription["endpoint"], content=sealed(subscription), headers=headers(**changes))
    assert (answer.status_code, service.messages, len(service.refused)) == (status, [], 1)


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "https://push.example"},
        {"aud": None},
        {"exp": int(time.time()) - 1},
        {"exp": int(time.time()) + 25 * 3600},
        {"exp": None},
        {"sub": "mailto:mailto:ops@anlan.example"},
        {"sub": "ops"},
        {"sub": None},
    ],
)
def test_a_sender_who_does_not_say_who_it_is_is_refused(service: PushServiceDouble, claims: dict[str, Any]) -> None:
    subscription, signer = service.subscribe(), generate_private_key(SECP256R1())
    told = headers(authorization=vapid(signer, **claims))
    assert httpx.post(subscription["endpoint"], content=sealed(subscription), headers=told).status_code == 403


def test_a_signature_by_another_key_is_refused(service: PushServiceDouble) -> None:
    subscription = service.subscribe()
    told = headers(authorization=vapid(generate_private_key(SECP256R1()), generate_private_key(SECP256R1())))
    assert httpx.post(subscription["endpoint"], content=sealed(subscription), headers=told).status_code == 403


def test_what_is_sealed_for_another_browser_is_refused(service: PushServiceDouble) -> None:
    mine, other = service.subscribe(), service.subscribe()
    assert httpx.post(mine["endpoint"], content=sealed(other), headers=headers()).status_code == 400
    assert httpx.post(f"{service.url}/push/nobody", content=sealed(mine), headers=headers()).status_code == 404


def test_too_large_is_refused(service: PushServiceDouble) -> None:
    subscription = service.subscribe()
    large = sealed(subscription, base64.b64encode(b"x" * 3200).decode())
    assert httpx.post(subscription["endpoint"], content=large, headers=headers()).status_code == 413


def test_it_answers_as_told_and_can_be_driven_over_http(service: PushServiceDouble) -> None:
    subscription = httpx.post(f"{service.url}/subscriptions").json()
    httpx.post(f"{service.url}/answers", json={"status": 429, "retryAfter": 7})
    busy = httpx.post(subscription["endpoint"], content=sealed(subscription), headers=headers())
    assert (busy.status_code, busy.headers["retry-after"]) == (429, "7")
    assert httpx.post(subscription["endpoint"], content=sealed(subscription), headers=headers()).status_code == 201
    assert [message["data"] for message in httpx.get(f"{service.url}/messages").json()] == [{"title": "x"}]


def test_waiting_for_what_does_not_come_says_why(service: PushServiceDouble) -> None:
    subscription = service.subscribe()
    httpx.post(subscription["endpoint"], content=b"", headers=headers(ttl=""))
    with pytest.raises(TimeoutError, match="ttl is required"):
        service.wait_for(1, timeout_s=0.01)
