"""Hashes as the brokers store them."""

from __future__ import annotations

import base64

import bcrypt
import pytest

from backend.kit.broker_secrets import bcrypt_hash, new_secret, pbkdf2_hash


def test_secrets_differ_and_fit_into_a_url() -> None:
    made = {new_secret() for _ in range(300)}
    assert len(made) == 300
    assert not any(secret.startswith("-") for secret in made), "a program would take it for an option"
    assert all(len(secret) == 32 and secret.replace("-", "").replace("_", "").isalnum() for secret in made)


def test_bcrypt_hash_proves_its_secret() -> None:
    assert bcrypt.checkpw(b"secret", bcrypt_hash("secret").encode())
    assert not bcrypt.checkpw(b"Secret", bcrypt_hash("secret").encode())


def test_too_long_a_secret_is_refused_rather_than_cut() -> None:
    with pytest.raises(ValueError, match="72 bytes"):
        bcrypt_hash("x" * 73)


def test_pbkdf2_hash_is_what_mosquitto_passwd_writes() -> None:
    # Made by mosquitto_passwd 2.0.11 -b for the secret `sesame`.
    made = (
        "$7$101$vAL+EqhMOS2wg3+C$6q8YM7PE8v8lUSfbSEM5nwXJb45OY81EMzcU"
        "Hka5KhXGuCyvKNcJ1WOccJBCUOUB53WQ4yEooS14/onOXO4xxw=="
    )
    assert pbkdf2_hash("sesame", base64.b64decode("vAL+EqhMOS2wg3+C")) == made
