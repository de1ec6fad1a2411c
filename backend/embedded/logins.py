"""Who may sign in at the broker, and to which branch of the topic tree."""

from __future__ import annotations

import re
from dataclasses import dataclass

PREFIX = "anlan/v1"
SPARKPLUG = "spBv1.0"
BACKEND_USER = "backend"
CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")
HASH = re.compile(r"[A-Za-z0-9$./+=]*")


@dataclass(frozen=True)
class GatewayLogin:
    """A gateway's sign-in: its code is its user name; either hash may be empty when that broker is not used.

    Raises ValueError for a code or hash that could say more in a configuration file than it should.
    """

    username: str
    region: str
    enterprise: str
    bcrypt_hash: str = ""
    pbkdf2_hash: str = ""

    def __post_init__(self) -> None:
        for code in (self.username, self.region, self.enterprise):
            if not CODE.fullmatch(code):
                raise ValueError(f"not a code of letters, digits, - and _: {code!r}")
        if self.username == BACKEND_USER:
            raise ValueError(f"{BACKEND_USER!r} is the back end's own user name")
        for value in (self.bcrypt_hash, self.pbkdf2_hash):
            if not HASH.fullmatch(value):
                raise ValueError("not a password hash")

    @property
    def branch(self) -> str:
        """The topics it may publish are those below this one; it may read only `cmd` below it."""
        return f"{PREFIX}/{self.region}/{self.enterprise}/{self.username}"

    @property
    def sparkplug_writes(self) -> list[str]:
        """Topics it may publish when it speaks Sparkplug B: its own births, data and deaths, of node and devices."""
        group, node = f"{SPARKPLUG}/{self.enterprise}", self.username
        of_node = [f"{group}/{kind}/{node}" for kind in ("NBIRTH", "NDATA", "NDEATH")]
        return of_node + [f"{group}/{kind}/{node}/+" for kind in ("DBIRTH", "DDATA", "DDEATH")]

    @property
    def sparkplug_reads(self) -> list[str]:
        """Topics it may read then: what we say to the node and to its devices."""
        group, node = f"{SPARKPLUG}/{self.enterprise}", self.username
        return [f"{group}/NCMD/{node}/#", f"{group}/DCMD/{node}/#"]
