"""What `anlan gateway` leaves for an installer."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from backend.commands.gateways import _write_files, gateway
from backend.domains.monitoring.service import renew_secret
from backend.kit import clock
from tests.domains.monitoring.plant import Plant
from tests.people import People
from tests.settings import settings_for_tests

pytestmark = pytest.mark.anyio


async def test_the_three_files_of_an_installer_say_the_same_and_are_for_their_owner_only(
    people: People, tmp_path: Path
) -> None:
    plant = await Plant.build(people.own)
    made = await renew_secret(plant.gateway.code, clock.now(), by=None, reason="网关柜更换")
    await _write_files(settings_for_tests(mqtt_port=1899), made, tmp_path, "mqtt.example")
    texts = {path.name: path.read_text() for path in tmp_path.iterdir()}  # noqa: ASYNC240 - a test waits for nobody.
    code = plant.gateway.code
    assert set(texts) == {f"{code}.svg", f"{code}-test.sh", f"{code}.conf"}
    for name in (f"{code}-test.sh", f"{code}.conf"):
        assert made.secret in texts[name]
        assert "--host mqtt.example" in texts[name]
        assert "--port 1899" in texts[name]
    assert texts[f"{code}.svg"].startswith("<svg")
    modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}  # noqa: ASYNC240 - see above.
    assert modes == {0o600}


async def test_without_a_folder_nothing_is_written(people: People, tmp_path: Path) -> None:
    plant = await Plant.build(people.own)
    made = await renew_secret(plant.gateway.code, clock.now(), by=None)
    await _write_files(settings_for_tests(), made, None, None)
    assert list(tmp_path.iterdir()) == []  # noqa: ASYNC240 - a test waits for nobody.


@pytest.mark.parametrize("command", ["renew", "retire"])
def test_a_change_asks_for_its_reason(command: str) -> None:
    answer = CliRunner().invoke(gateway, [command, "gw-1"])
    assert answer.exit_code == 2
    assert "--reason" in answer.output
