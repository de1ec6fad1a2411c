"""Why a commitment is not taken."""

from __future__ import annotations

from backend.errors import Problem


class LateReasonRequired(Problem):
    """The deadline has passed and no reason was given; ask for one and send again under the same id."""

    status, kind = 422, "late-reason-required"


class ChangeReasonRequired(Problem):
    """A further version of a day says why it was needed."""

    status, kind = 422, "change-reason-required"


class ClockAhead(Problem):
    """The signing time lies more than five minutes ahead of the server's clock."""

    status, kind = 422, "clock-ahead"


class WindowNotOpen(Problem):
    """It is too early for this day; says when filing opens."""

    kind = "window-not-open"


class DayClosed(Problem):
    """The day is over and a signature of it can no longer arrive."""

    kind = "day-closed"


class AlreadyFiled(Problem):
    """The day was filed by someone else or before; says the current version, to be named in If-Match of a change."""

    kind = "already-filed"
