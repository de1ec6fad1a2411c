"""What a commitment may and may not say. Sums that do not fit are warned of: real plants break them."""

from __future__ import annotations

import base64
import binascii
import re

import msgspec

from backend.domains.commitments.content import WIRE_NAMES, WORK_FIELDS, CommitmentContent
from backend.domains.commitments.enums import WarningKind
from backend.domains.permits.queries import DayWork

UNIT_PARTS = ("units_running", "units_stopped", "units_maintenance")
SHORTEST_NOTE = 10
# An internal extension.
SHORTEST_PHONE = 3
LARGEST_SIGNATURE = 100_000
_PNG = "data:image/png;base64,"
_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
_SVG_PATH = re.compile(r"[MmLlHhVvCcSsQqTtAaZz0-9eE\s,.+-]+")


class Fault(msgspec.Struct, frozen=True):
    """What is wrong, and in which field as the wire names it."""

    field: str
    words: str


class ContentWarning(msgspec.Struct, frozen=True, rename="camel"):
    """What looks wrong: `said` stands in the commitment, `found` is what speaks against it."""

    kind: WarningKind
    field: str
    said: int
    found: int
    words: str


def fault_of_content(content: CommitmentContent) -> Fault | None:
    """What makes a content impossible, or None: a part above the total, nobody on duty, danger without a word."""
    for name in UNIT_PARTS:
        if getattr(content, name) > content.units_total:
            return Fault(WIRE_NAMES[name], f"more units than the {content.units_total} there are")
    if not content.duty_leader.strip():
        return Fault("dutyLeader", "name the leader on duty")
    if len(content.duty_phone.strip()) < SHORTEST_PHONE:
        return Fault("dutyPhone", "say how the leader on duty is reached")
    if not content.hazards_safe and len(content.note.strip()) < SHORTEST_NOTE:
        return Fault("note", f"say in at least {SHORTEST_NOTE} characters what is not safe")
    return None


def fault_of_signature(signature: str) -> Fault | None:
    """Whether a signature is a drawing: an SVG path or a PNG data URL, never markup."""
    if not signature:
        return None
    if len(signature) > LARGEST_SIGNATURE:
        return Fault("signature", f"a signature has at most {LARGEST_SIGNATURE} characters")
    if signature.startswith(_PNG):
        try:
            if base64.b64decode(signature[len(_PNG) :], validate=True).startswith(_PNG_HEAD):
                return None
        except binascii.Error:
            pass
        return Fault("signature", "the picture of the signature is not a PNG")
    if signature[0] in "Mm" and _SVG_PATH.fullmatch(signature):
        return None
    return Fault("signature", "a signature is an SVG path or a PNG data URL")


def suggested_level(content: CommitmentContent) -> int:
    """The level that the day's work suggests, 1 red to 4 blue; a person decides.

    Special-grade hot work, starting up or shutting down, and a known major hidden hazard are grave (2); grade 1 hot
    work, confined spaces, work on tanks and trial production are not everyday (3). Never red: that is for a person.
    """
    if content.hot_work_special or content.start_up_shut_down or content.major_hidden_hazard:
        return 2
    unusual = (content.hot_work_1, content.confined_space, content.tank_transfers, content.tank_cleanings)
    if any(unusual) or content.trial_production or content.pilot_test:
        return 3
    return 4


def warnings_of(content: CommitmentContent, work: DayWork, alarms: int) -> list[ContentWarning]:
    """What looks wrong in a content beside the day's work reports and the number of open alarms of level 2."""
    found: list[ContentWarning] = []
    parts = sum(getattr(content, name) for name in UNIT_PARTS)
    if parts != content.units_total:
        found.append(
            ContentWarning(
                WarningKind.UNITS_DO_NOT_ADD_UP,
                "unitsTotal",
                content.units_total,
                parts,
                f"running, stopped and in maintenance make {parts}, the total says {content.units_total}",
            )
        )
    for name, (kind, grade) in WORK_FIELDS.items():
        said, reported = getattr(content, name), work.count(kind, grade)
        if said != reported:
            found.append(
                ContentWarning(
                    WarningKind.DIFFERS_FROM_WORK_REPORTS,
                    WIRE_NAMES[name],
                    said,
                    reported,
                    f"{said} stated, {reported} reported for the day",
                )
            )
    if content.hazards_safe and alarms:
        found.append(
            ContentWarning(WarningKind.OPEN_ALARMS, "hazardsSafe", 1, alarms, f"{alarms} alarms of level 2 are open")
        )
    suggestion = suggested_level(content)
    if content.risk_level > suggestion:
        found.append(
            ContentWarning(
                WarningKind.LEVEL_LOWER_THAN_SUGGESTED,
                "riskLevel",
                content.risk_level,
                suggestion,
                f"the day's work suggests level {suggestion}",
            )
        )
    return found
