"""Decisions about accounts that need no database."""

from __future__ import annotations

from datetime import timedelta

FAILURES_BEFORE_LOCK = 5
FIRST_LOCK = timedelta(minutes=5)
LONGEST_LOCK = timedelta(hours=1)
SHORTEST_PASSWORD = 10


def locked_for(failures: int) -> timedelta | None:
    """How long an account rests after `failures` wrong passwords in a row: 5 min at the fifth, then doubling to 1 h."""
    if failures < FAILURES_BEFORE_LOCK:
        return None
    doublings = min(failures - FAILURES_BEFORE_LOCK, 10)
    return min(FIRST_LOCK * (1 << doublings), LONGEST_LOCK)


def check_password(password: str, username: str) -> str | None:
    """What is wrong with a new password, or None. Length beats rules of composition (NIST SP 800-63B)."""
    if len(password) < SHORTEST_PASSWORD:
        return f"a password has at least {SHORTEST_PASSWORD} characters"
    if username.lower() in password.lower():
        return "a password must not contain the user name"
    return None
