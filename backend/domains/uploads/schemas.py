"""Batches of frames on the wire."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct


class Refused(Struct, rename="camel"):
    """A frame, a value or the whole batch that was not taken; `reason` is stable."""

    reason: Annotated[str, Meta(examples=["unknown_tag"])]
    detail: Annotated[str, Meta(examples=["TK101-LI"])]


class UploadOut(Struct, rename="camel"):
    """What became of a batch. Until it is done it is kept here and nothing is known of its frames yet."""

    id: int
    done: Annotated[bool, Meta(description="whether all of it is judged and committed")]
    stored: Annotated[int, Meta(description="frames that are new")]
    known: Annotated[int, Meta(description="frames that were there before: sending twice changes nothing")]
    refused: list[Refused]
