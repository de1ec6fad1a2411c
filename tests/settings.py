"""Settings of the tests."""

from __future__ import annotations

from pathlib import Path

from backend.settings import Settings


def settings_for_tests(**chosen: object) -> Settings:
    """Settings that open nothing by themselves."""
    return Settings(**{"data_dir": Path("/nonexistent"), **chosen})  # type: ignore[arg-type]
