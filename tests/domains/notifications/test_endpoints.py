import base64
import os

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from backend.domains.notifications.endpoints import clean_key, is_curve_point, is_known
from backend.settings import KNOWN_PUSH_HOSTS

MOZILLA = "https://updates.push.services.mozilla.com/wpush/v2/gAAAA"


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc:def",
        MOZILLA,
        "https://sg2p.notify.windows.com/w/?token=AwYAAA%3d",
        "https://web.push.apple.com/QGuQyavXutnMH",
        "https://FCM.googleapis.com:443/fcm/send/abc",
    ],
)
def test_the_vendors_of_browsers_are_known(endpoint: str) -> None:
    assert is_known(endpoint, KNOWN_PUSH_HOSTS)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/fcm/send/abc",
        "https://fcm.googleapis.com:8443/fcm/send/abc",
        "https://fcm.googleapis.com.evil.example/abc",
        "https://evil.example/fcm.googleapis.com",
        "https://fcm.googleapis.com@evil.example/abc",
        "https://evil.example\\@fcm.googleapis.com/abc",
        "https://user:pw@fcm.googleapis.com/abc",
        "https://push.services.mozilla.com/wpush",
        "https://evilpush.services.mozilla.com.example/",
        "https://127.0.0.1/",
        "https://169.254.169.254/latest/meta-data",
        "http://localhost:6379/",
        "file:///etc/passwd",
        "ftp://fcm.googleapis.com/",
        "//fcm.googleapis.com/x",
        "fcm.googleapis.com",
        "https://",
        "https://fcm.googleapis.com:99999/",
        "",
    ],
)
def test_everything_else_is_a_stranger(endpoint: str) -> None:
    assert not is_known(endpoint, KNOWN_PUSH_HOSTS)


def test_an_entry_with_scheme_and_port_means_exactly_that() -> None:
    known = ["http://127.0.0.1:9009", "https://push.intranet.example:8443"]
    assert is_known("http://127.0.0.1:9009/push/abc", known)
    assert is_known("https://push.intranet.example:8443/abc", known)
    assert not is_known("http://127.0.0.1:9010/push/abc", known)
    assert not is_known("https://127.0.0.1:9009/push/abc", known)
    assert not is_known("https://push.intranet.example/abc", known)


@pytest.mark.parametrize("host", ["10.0.0.5", "push.intranet.example", "169.254.169.254"])
def test_http_is_for_loopback_even_when_it_is_listed(host: str) -> None:
    assert not is_known(f"http://{host}:9009/push/abc", [f"http://{host}:9009"])


def test_no_list_knows_nobody() -> None:
    assert not is_known(MOZILLA, [])


@pytest.mark.parametrize("pad", ["", "=", "=="])
def test_keys_are_kept_in_one_spelling(pad: str) -> None:
    raw = b"\xfb\xff" + os.urandom(14)
    url_safe = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    assert clean_key(url_safe + pad, 16) == url_safe
    assert clean_key(base64.b64encode(raw).decode(), 16) == url_safe


@pytest.mark.parametrize("text", ["", "short", "not base64 at all!!", "AAAA" * 6])
def test_keys_of_another_length_are_none(text: str) -> None:
    assert clean_key(text, 16) is None


def test_a_public_key_is_a_point_of_the_curve() -> None:
    point = generate_private_key(SECP256R1()).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    good = base64.urlsafe_b64encode(point).decode().rstrip("=")
    off_curve = base64.urlsafe_b64encode(b"\x04" + b"\x01" * 64).decode().rstrip("=")
    assert is_curve_point(good)
    assert not is_curve_point(off_curve)
