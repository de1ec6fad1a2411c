"""Which push endpoints may be called: only push services that the operator knows, or this would call for strangers."""

from __future__ import annotations

import base64
import binascii
import ipaddress
from collections.abc import Iterable

import httpx
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

P256DH_BYTES, AUTH_BYTES = 65, 16
_TO_STANDARD = str.maketrans("-_", "+/")
_PORTS = {"https": 443, "http": 80}


def is_known(endpoint: str, push_hosts: Iterable[str]) -> bool:
    """Whether an endpoint lies with one of the known push services.

    push_hosts: host names, with a leading "*." for every subdomain; they mean https on its usual port. An entry with
    scheme and port means exactly that; http is admitted on loopback only, for a push service of one's own in a test.
    The address is read by the same parser that will call it.
    """
    url = _parse(endpoint)
    if url is None or url.userinfo or url.scheme not in _PORTS or not url.host:
        return False
    return any(_admits(entry, url) for entry in push_hosts)


def _parse(text: str) -> httpx.URL | None:
    try:
        return httpx.URL(text)
    except httpx.InvalidURL:
        return None


def _admits(entry: str, url: httpx.URL) -> bool:
    if "://" not in entry:
        return url.scheme == "https" and url.port in (None, 443) and _host_fits(entry.lower(), url.host)
    known = _parse(entry)
    if known is None or (known.scheme, known.host, _port(known)) != (url.scheme, url.host, _port(url)):
        return False
    return url.scheme == "https" or _is_loopback(url.host)


def _host_fits(entry: str, host: str) -> bool:
    return host.endswith(entry[1:]) if entry.startswith("*.") else host == entry


def _port(url: httpx.URL) -> int | None:
    return url.port or _PORTS.get(url.scheme)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def clean_key(text: str, length: int) -> str | None:
    """A subscription key as unpadded base64url, or None when it does not decode to `length` bytes."""
    try:
        raw = _bytes_of(text)
    except (binascii.Error, ValueError):
        return None
    return base64.urlsafe_b64encode(raw).decode().rstrip("=") if len(raw) == length else None


def is_curve_point(p256dh: str) -> bool:
    """Whether a clean p256dh is a point of P-256: sealing for another would fail at the moment of the alarm."""
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), _bytes_of(p256dh))
    except ValueError:
        return False
    return True


def _bytes_of(text: str) -> bytes:
    """Base64 of either alphabet, padded or not; anything else raises, where the lenient decoder would skip it."""
    bare = text.rstrip("=")
    return base64.b64decode(bare.translate(_TO_STANDARD) + "=" * (-len(bare) % 4), validate=True)
