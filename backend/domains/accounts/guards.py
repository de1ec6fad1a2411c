"""Who may: guards for routes. What they may see is decided by the queries."""

from __future__ import annotations

from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from backend.domains.accounts.enums import ENTERPRISE_ROLES, REGULATOR_ROLES, Role
from backend.domains.accounts.viewer import Viewer
from backend.errors import NotAllowed


def _require(connection: ASGIConnection[Any, Any, Any, Any], roles: frozenset[Role], words: str) -> None:
    viewer: Viewer = connection.user
    if viewer.role not in roles:
        raise NotAllowed(words)


def reads_filings(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Everybody but experts, who have nothing to do with what an enterprise files."""
    roles = ENTERPRISE_ROLES | REGULATOR_ROLES | {Role.ADMINISTRATOR}
    _require(connection, roles, "an expert sees enterprises, points and limits, and no filings")


def works_at_site(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """People of an enterprise."""
    _require(connection, ENTERPRISE_ROLES, "only people of the enterprise may do this")


def signs_for_enterprise(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """The main responsible person, or the safety officer in their name."""
    roles = frozenset({Role.MAIN_RESPONSIBLE, Role.SAFETY_OFFICER})
    _require(connection, roles, "only the main responsible person or the safety officer may do this")


def regulates(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Regulators and administrators."""
    roles = REGULATOR_ROLES | {Role.ADMINISTRATOR}
    _require(connection, roles, "only regulators may do this")


def keeps_registry(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Those who may import a workbook: it creates enterprises, hazards, points and gateways of a whole area."""
    roles = frozenset({Role.CITY_REGULATOR, Role.ADMINISTRATOR})
    _require(connection, roles, "only the city's regulator or an administrator may import the registry")


def proposes_limits(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Those who may propose limits: the enterprise's safety officer, an expert, a regulator."""
    roles = REGULATOR_ROLES | {Role.SAFETY_OFFICER, Role.SAFETY_EXPERT}
    _require(connection, roles, "only the enterprise's safety officer, an expert or a regulator may propose limits")


def verifies_limits(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Experts."""
    _require(connection, frozenset({Role.SAFETY_EXPERT}), "only a safety expert may verify limits on site")


def approves_limits(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Regulators of the area."""
    _require(connection, REGULATOR_ROLES, "only regulators may approve limits")


def rejects_limits(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Regulators, and experts who find on site that it cannot be so."""
    roles = REGULATOR_ROLES | {Role.SAFETY_EXPERT}
    _require(connection, roles, "only an expert or a regulator may reject limits")


def administrates(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Administrators: who lets a device in or shuts it out."""
    _require(connection, frozenset({Role.ADMINISTRATOR}), "only an administrator may do this")


def renews_secrets(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Administrators, and the safety officer whose own device it is: the new secret goes to whoever enters it there."""
    roles = frozenset({Role.ADMINISTRATOR, Role.SAFETY_OFFICER})
    _require(connection, roles, "only an administrator or the enterprise's safety officer may do this")


def rules_the_city(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """City regulators and administrators: what holds for every district alike."""
    roles = frozenset({Role.CITY_REGULATOR, Role.ADMINISTRATOR})
    _require(connection, roles, "only the city's regulators or an administrator may do this")


def keeps_ledger(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Regulators and administrators, and those who sign for an enterprise about their own."""
    roles = REGULATOR_ROLES | {Role.ADMINISTRATOR, Role.SAFETY_OFFICER, Role.MAIN_RESPONSIBLE}
    _require(connection, roles, "only regulators and those who sign for an enterprise may do this")
