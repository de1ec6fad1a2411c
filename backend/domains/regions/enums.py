"""Kinds of administrative areas."""

from enum import StrEnum


class RegionKind(StrEnum):
    """A functional zone has no code of GB/T 2260 and files as a unit of its own."""

    CITY = "city"
    DISTRICT = "district"
    COUNTY = "county"
    FUNCTIONAL_ZONE = "functional_zone"
