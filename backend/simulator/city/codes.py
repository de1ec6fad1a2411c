"""Codes of enterprises and the grade of a major hazard, by their standards."""

from __future__ import annotations

from collections.abc import Iterable

# The alphabet of GB 32100: no I, O, S, V, Z. A character's value is its position.
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
# GB 18218, 4.3.4: residents within 500 m of the boundary, and the α that multiplies R.
ALPHA = ((100, 2.0), (50, 1.5), (30, 1.2), (1, 1.0), (0, 0.5))
GRADES = ((100.0, 1), (50.0, 2), (10.0, 3), (0.0, 4))


def make_uscc(adcode: str, organisation: str) -> str:
    """The unified social credit code of an enterprise registered in `adcode`.

    organisation: the eight characters of its organisation code without the check digit (GB 11714).
    """
    body = f"91{adcode}{organisation}{organisation_check(organisation)}"
    return body + uscc_check(body)


def is_uscc(code: str) -> bool:
    """Whether both check characters of an 18-character code are right."""
    return (
        len(code) == 18
        and set(code) <= set(USCC_ALPHABET)
        and code[16] == organisation_check(code[8:16])
        and code[17] == uscc_check(code[:17])
    )


def uscc_check(body: str) -> str:
    """The 18th character for the 17 before it (GB 32100, modulus 31)."""
    total = sum(USCC_ALPHABET.index(char) * weight for char, weight in zip(body, USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[-total % 31]


def organisation_check(body: str) -> str:
    """The ninth character of an organisation code (GB 11714, modulus 11; ten is written X)."""
    total = sum(int(char, 36) * weight for char, weight in zip(body, ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def alpha(residents_500m: int) -> float:
    """α of GB 18218 for the people who live within 500 m."""
    return next(value for least, value in ALPHA if residents_500m >= least)


def ratio_sum(stock: Iterable[tuple[float, float]]) -> float:
    """S of GB 18218 over (quantity, threshold) in t; a unit is a major hazard from 1 on."""
    return sum(quantity / threshold for quantity, threshold in stock)


def r_value(stock: Iterable[tuple[float, float, float]], residents_500m: int) -> float:
    """R of GB 18218 over (quantity in t, threshold in t, β)."""
    return alpha(residents_500m) * sum(beta * quantity / threshold for quantity, threshold, beta in stock)


def grade(r: float) -> int:
    """The grade of a major hazard, 1 the gravest."""
    return next(value for least, value in GRADES if r >= least)
