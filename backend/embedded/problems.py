"""Reasons why nothing can be started, each worded for the person at the console."""

from __future__ import annotations


class CannotRun(Exception):
    """The services cannot start as asked; the message says why and what to do about it."""


class FolderUnusable(CannotRun):
    """The data folder cannot hold the services: unwritable, out of reach, damaged or of another version."""


class FolderInUse(CannotRun):
    """A live supervisor holds this data folder."""


class PortTaken(CannotRun):
    """Somebody else listens where we should."""


class StartFailed(CannotRun):
    """A process ended or stayed silent before it was ready; the message ends with its last words."""
