import re
from pathlib import Path

import msgspec
import pytest

from backend.settings import KNOWN_PUSH_HOSTS, Settings, SettingsError, load_settings

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "settings.md"


def test_the_document_lists_exactly_the_settings_with_their_defaults() -> None:
    told = dict(re.findall(r"^\| `(ANLAN_[A-Z_]+)` \| ([^|]+) \|", DOCUMENT.read_text(), re.MULTILINE))
    fields = {f"ANLAN_{field.name.upper()}": field for field in msgspec.structs.fields(Settings)}
    assert told.keys() == fields.keys()
    for name, field in fields.items():
        if name == "ANLAN_PUSH_HOSTS":
            assert told[name].strip("` ") == ", ".join(KNOWN_PUSH_HOSTS)
        elif isinstance(field.default, bool):
            assert told[name].strip("` ") == str(field.default).lower()
        elif isinstance(field.default, int | str):
            assert told[name].strip("` ") == str(field.default)


def test_every_setting_comes_from_its_variable() -> None:
    settings = load_settings(
        {
            "ANLAN_DATA_DIR": "~/city",
            "ANLAN_HTTP_PORT": "8123",
            "ANLAN_DEMO": "true",
            "ANLAN_PUSH_HOSTS": "push.example.org, *.example.net ,",
            "ANLAN_DATABASE_URL": "",
        }
    )
    assert settings.data_dir == Path.home() / "city"
    assert settings.http_port == 8123
    assert settings.demo is True
    assert settings.push_hosts == ("push.example.org", "*.example.net")
    assert settings.database_url is None


@pytest.mark.parametrize(
    ("name", "value"), [("ANLAN_HTTP_PORT", "eighty"), ("ANLAN_DEMO", "perhaps"), ("ANLAN_TIMEZONE", "Mars/Olympus")]
)
def test_a_value_that_cannot_be_read_names_its_variable(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"{name}='{value}'"):
        load_settings({name: value})
