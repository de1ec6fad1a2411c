"""A small HTTP load: connections that each ask again as soon as they are answered."""

from __future__ import annotations

import asyncio
import time


async def requests_per_second(
    host: str, port: int, path: str, headers: dict[str, str], seconds: float, connections: int = 16
) -> float:
    """Answers with status 200 per second, over keep-alive connections. Raises for any other status."""
    told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    request = f"GET {path} HTTP/1.1\r\nhost: {host}\r\n{told}\r\n".encode()
    until = time.perf_counter() + seconds
    counts = await asyncio.gather(*(_ask(host, port, request, until) for _ in range(connections)))
    return sum(counts) / seconds


async def _ask(host: str, port: int, request: bytes, until: float) -> int:
    reader, writer = await asyncio.open_connection(host, port)
    done = 0
    try:
        while time.perf_counter() < until:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            status = head.split(b" ", 2)[1]
            if status != b"200":
                raise RuntimeError(f"{request.split(b' ', 2)[1].decode()} answered {status.decode()}")
            await _skip_body(reader, head.lower())
            done += 1
    finally:
        writer.close()
    return done


async def _skip_body(reader: asyncio.StreamReader, head: bytes) -> None:
    if b"transfer-encoding: chunked" in head:
        while (size := int((await reader.readline()).strip(), 16)) > 0:
            await reader.readexactly(size + 2)
        await reader.readexactly(2)
    else:
        length = head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0]
        await reader.readexactly(int(length))
