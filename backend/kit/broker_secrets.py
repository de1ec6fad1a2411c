"""Secrets with which a client signs in at an MQTT broker, and their hashes as the two brokers store them.

The secrets are random and long, so the hashes are cheap on purpose: a slow one would only slow down the moment when
every client of a city reconnects at once.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets

import bcrypt

SECRET_BYTES = 24
BCRYPT_COST = 4  # the least there is: 3 ms a connect; cost 10 takes 59 ms and protects a random secret no better
PBKDF2_ITERATIONS = 101  # what mosquitto_passwd 2.0 writes
PBKDF2_SALT_BYTES = 12
PBKDF2_HASH_BYTES = 64


def new_secret() -> str:
    """192 random bits in letters, digits, `-` and `_`; never `-` first, which programs take for an option."""
    while (secret := secrets.token_urlsafe(SECRET_BYTES)).startswith("-"):
        pass
    return secret


def bcrypt_hash(secret: str) -> str:
    """The hash for the embedded broker. Raises ValueError above 72 bytes, where bcrypt would stop reading."""
    return bcrypt.hashpw(secret.encode(), bcrypt.gensalt(BCRYPT_COST)).decode()


def pbkdf2_hash(secret: str, salt: bytes | None = None) -> str:
    """The hash for a Mosquitto password file: `$7$iterations$salt$hash`, PBKDF2 with SHA-512.

    Source: mosquitto_passwd(1), format of Mosquitto 2.0.
    """
    salt = os.urandom(PBKDF2_SALT_BYTES) if salt is None else salt
    digest = hashlib.pbkdf2_hmac("sha512", secret.encode(), salt, PBKDF2_ITERATIONS, PBKDF2_HASH_BYTES)
    return f"$7${PBKDF2_ITERATIONS}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"
