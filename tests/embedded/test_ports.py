"""Free or taken, and by whom."""

from __future__ import annotations

import os
import socket
import sys

import pytest

from backend.embedded.ports import free_port, holder, listens, reachable, require_free
from backend.embedded.problems import PortTaken


def test_free_port_is_free() -> None:
    require_free("127.0.0.1", free_port(), "ANLAN_HTTP_PORT")


@pytest.mark.parametrize(
    ("held", "wanted"), [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("127.0.0.1", "0.0.0.0")]
)
def test_taken_port_names_the_setting(held: str, wanted: str) -> None:
    with socket.create_server((held, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=f"port {port} .*ANLAN_HTTP_PORT"):
            require_free(wanted, port, "ANLAN_HTTP_PORT")
        assert listens(wanted, port)
    assert not listens(wanted, port)


@pytest.mark.skipif(sys.platform != "linux", reason="read from /proc")
def test_holder_is_the_listening_process() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert f"process {os.getpid()} (" in (holder(taken.getsockname()[1]) or "")
    assert holder(free_port()) is None


def test_every_address_is_reached_by_the_loopback() -> None:
    assert [reachable(host) for host in ("0.0.0.0", "::", "10.0.0.7")] == ["127.0.0.1", "::1", "10.0.0.7"]
