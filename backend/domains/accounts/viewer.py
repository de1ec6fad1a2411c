"""The viewer: who asks. Every query starts from it, and scope is never optional."""

from __future__ import annotations

from uuid import UUID

import msgspec

from backend.domains.accounts.enums import ENTERPRISE_ROLES, REGULATOR_ROLES, Locale, Role
from backend.kit.live import area_channel, enterprise_channel

# Filings, alarms and scores are no business of an expert: no row carries this code.
NO_AREA = ""


class Viewer(msgspec.Struct, frozen=True, kw_only=True):
    """The person behind a request, as the database knows them now.

    adcodes: the areas a regulator or an expert works in (their own and those below); empty for enterprise people.
    enterprise_id: the one enterprise that enterprise people see.
    """

    id: UUID
    name: str
    role: Role
    session_id: UUID | None = None
    adcode: str | None = None
    adcodes: frozenset[str] = frozenset()
    enterprise_id: UUID | None = None
    locale: Locale = Locale.ZH_CN

    @property
    def is_enterprise(self) -> bool:
        """Belongs to an enterprise and sees nothing else."""
        return self.role in ENTERPRISE_ROLES

    @property
    def is_regulator(self) -> bool:
        """Watches an area."""
        return self.role in REGULATOR_ROLES

    @property
    def is_expert(self) -> bool:
        """Verifies limits on site: sees the enterprises, points and proposals of an area, and no filings or alarms."""
        return self.role is Role.SAFETY_EXPERT

    @property
    def sees_all(self) -> bool:
        """An administrator runs the system and sees every area."""
        return self.role is Role.ADMINISTRATOR

    def scope(self) -> dict[str, object]:
        """The filter that every table with `enterprise_id` and `adcode` columns is asked through."""
        if self.sees_all:
            return {}
        if self.is_enterprise:
            return {"enterprise_id": self.enterprise_id}
        if self.is_expert:
            return {"adcode": NO_AREA}
        return {"adcode__in": sorted(self.adcodes)}

    def scope_sql(self, first: int = 1, table: str = "") -> tuple[str, list[object]]:
        """The same filter for raw SQL: a condition using `$first`, and its arguments (always one)."""
        prefix = f"{table}." if table else ""
        if self.sees_all:
            return f"${first}::text is null", [None]
        if self.is_enterprise:
            return f"{prefix}enterprise_id = ${first}", [self.enterprise_id]
        if self.is_expert:
            return f"{prefix}adcode = ${first}::text", [NO_AREA]
        return f"{prefix}adcode = any(${first}::text[])", [sorted(self.adcodes)]

    def channels(self) -> list[str]:
        """The live channels this viewer may listen to."""
        if self.is_enterprise:
            return [enterprise_channel(self.enterprise_id)] if self.enterprise_id else []
        if self.is_expert:
            return []
        return [area_channel(code) for code in sorted(self.adcodes)] if not self.sees_all else [area_channel("*")]
