"""What stands in an enterprise."""

from enum import StrEnum


class GasClass(StrEnum):
    """What a detector warns of; decides units and limits (GB/T 50493)."""

    COMBUSTIBLE = "comb"
    TOXIC = "toxic"
    HIGHLY_TOXIC = "htoxic"
