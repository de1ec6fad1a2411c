"""The baseline of ingest: a bare aiomqtt subscriber of the same stream, which only counts.

Run as a program of its own: `python -m bench.ingest_bare URL IDENTIFIER SECONDS FRAMES` receives until FRAMES frames
came or SECONDS passed since the subscription, and prints what it saw as JSON. FRAMES 0 only subscribes.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from urllib.parse import unquote, urlsplit

import aiomqtt


async def count(url: str, identifier: str, seconds: float, frames: int) -> dict[str, float]:
    """Frames received and the seconds between the first and the last of them."""
    parts = urlsplit(url)
    seen, first, last = 0, 0.0, 0.0
    async with aiomqtt.Client(
        parts.hostname or "",
        parts.port or 1883,
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        identifier=identifier,
        protocol=aiomqtt.ProtocolVersion.V311,
        clean_session=False,
    ) as client:
        await client.subscribe("anlan/v1/+/+/+/frame", qos=1)
        print("subscribed", flush=True)
        if frames:
            try:
                async with asyncio.timeout(seconds):
                    async for _ in client.messages:
                        last = time.perf_counter()
                        first = first or last
                        seen += 1
                        if seen == frames:
                            break
            except TimeoutError:
                pass
    return {"frames": seen, "seconds": last - first}


if __name__ == "__main__":
    url, identifier, seconds, frames = sys.argv[1:]
    print(json.dumps(asyncio.run(count(url, identifier, float(seconds), int(frames)))))
