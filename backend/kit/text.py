"""Free text on the wire. PostgreSQL keeps no NUL character, so none is taken."""

from __future__ import annotations

# For `Meta(pattern=…)`: any text, and text that says something.
ANY_TEXT = r"^[^\x00]*$"
FILLED_TEXT = r"^[^\x00]*[^\s\x00][^\x00]*$"
