"""What can be done with proposals of limits."""

from backend.domains.passports.service.approving import approve
from backend.domains.passports.service.ending import reject, withdraw
from backend.domains.passports.service.proposing import expand, propose
from backend.domains.passports.service.stepping import AlreadyDecided
from backend.domains.passports.service.verifying import verify

__all__ = ["AlreadyDecided", "approve", "expand", "propose", "reject", "verify", "withdraw"]
