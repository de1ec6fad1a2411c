"""Who a person is to the system."""

from enum import StrEnum


class Role(StrEnum):
    """What a person may do; scope comes from the enterprise or the area beside it."""

    ENTERPRISE_OPERATOR = "enterprise_operator"
    SAFETY_OFFICER = "safety_officer"
    MAIN_RESPONSIBLE = "main_responsible"
    DISTRICT_REGULATOR = "district_regulator"
    CITY_REGULATOR = "city_regulator"
    SAFETY_EXPERT = "safety_expert"
    ADMINISTRATOR = "administrator"


ENTERPRISE_ROLES = frozenset({Role.ENTERPRISE_OPERATOR, Role.SAFETY_OFFICER, Role.MAIN_RESPONSIBLE})
REGULATOR_ROLES = frozenset({Role.DISTRICT_REGULATOR, Role.CITY_REGULATOR})
# An expert verifies limits on site in an area, and sees nothing else of it.
AREA_ROLES = REGULATOR_ROLES | {Role.SAFETY_EXPERT}


class Locale(StrEnum):
    """Languages of the pages and of pushed texts."""

    ZH_CN = "zh-CN"
    EN = "en"
