"""Decisions about enterprises that need no database."""

from __future__ import annotations

import re

# Codes are levels of MQTT topics and parts of broker subjects; more than these characters is not safe there.
CODE = re.compile(r"[A-Za-z0-9_-]{1,20}")
# GB 32100: 8 + 9 + 1 characters, without I, O, S, V, Z.
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


def initials_of(name: str) -> str:
    """The first letters of a Chinese name, lower case, at most 60: 淄博澜屿化工 gives zblyhg. Latin letters stay."""
    # Loaded here and not above: its dictionaries take 57 MB, which a process that only reads need not carry.
    from pypinyin import Style, lazy_pinyin

    letters = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))
    return "".join(letter for letter in letters if letter.isalnum()).lower()[:60]


def is_code(text: str) -> bool:
    """Whether this may be the code of an enterprise, hazard, tank or detector."""
    return CODE.fullmatch(text) is not None


def is_uscc(text: str) -> bool:
    """Whether this is a unified social credit code with a true check character (GB 32100-2015)."""
    if len(text) != 18 or any(sign not in _USCC_ALPHABET for sign in text):
        return False
    total = sum(_USCC_ALPHABET.index(sign) * weight for sign, weight in zip(text[:17], _USCC_WEIGHTS, strict=True))
    return _USCC_ALPHABET[-total % 31] == text[17]
