"""Holds ``deploy/`` to its rules, offline: ``python -m tests.deployment``.

The container file by hadolint, the compose file by its schema, the units by systemd where there is one (in CI there must be), and
by rules of ours what those tools do not ask: nothing runs with more rights than it needs, and secrets are files.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from konwent_bot.settings import SECRETS, Settings, variable

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
TOOLS = Path(sys.executable).parent
#: Exposure as systemd counts it, in tenths: 0 is nothing, 100 is everything.
MOST_EXPOSED = 25
UNITS = ("konwent-bot.service", "konwent-bot-backup.service", "konwent-bot-backup.timer")
#: What every service of ours must say, whatever systemd makes of the rest.
HARDENED = {
    "User": "konwent-bot", "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "CapabilityBoundingSet": "",
    "StateDirectory": "konwent-bot", "UMask": "0077", "PrivateTmp": "yes", "MemoryDenyWriteExecute": "yes",
}  # fmt: skip
#: Sections of units and the keys we use in them; a slip of the pen is a warning for systemd and a fault here.
_UNIT_LINE = re.compile(r"[A-Z][A-Za-z]+=.*")


def faults(folder: Path) -> Iterator[str]:
    """Give what is wrong with a folder that is like ``deploy/``."""
    for check in (container, compose, example, units, systemd, script):
        yield from check(folder)


def script(folder: Path) -> Iterator[str]:
    """Check the operator's command."""
    yield from _told("konwent", "sh", "-n", folder / "konwent")


def _told(what: str, *command: str | Path, silent: bool = False) -> list[str]:
    """Run a tool; give what it says when it is not content (``silent``: when it says anything at all)."""
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    said = (ran.stdout + ran.stderr).strip()
    return [f"{what}: {said or ran.returncode}"] if ran.returncode or (silent and said) else []


# --- containers -------------------------------------------------------------------------------------------------------


def container(folder: Path) -> Iterator[str]:
    """Check the container file."""
    path = folder / "Containerfile"
    yield from _told("hadolint", TOOLS / "hadolint", "--no-color", path)
    text = path.read_text("utf-8")
    last = text[text.rindex("\nFROM ") :]
    for wanted in ("\nUSER 10001:10001\n", "\nHEALTHCHECK ", "pip uninstall", "COPY --from=build "):
        if wanted not in last:
            yield f"{path.name}: the image that runs lacks {wanted.strip()!r}"
    if "--constraint constraints.txt" not in text or "--no-cache-dir" not in text:
        yield f"{path.name}: the pinned versions are not used, or a cache is kept"


def compose(folder: Path) -> Iterator[str]:
    """Check the compose file."""
    path = folder / "compose.yaml"
    if said := _told("compose", TOOLS / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", path):
        yield from said
        return
    whole: dict[str, Any] = YAML(typ="safe").load(path.read_text("utf-8"))
    services: dict[str, dict[str, Any]] = whole["services"]
    for name, service in services.items():
        yield from (f"{path.name}: {name} {fault}" for fault in _service(name, service))
    if services["postgres"].get("networks") != ["inside"] or whole["networks"]["inside"].get("internal") is not True:
        yield f"{path.name}: the database is to be reached from inside only"
    waits = services["bot"].get("depends_on", {}).get("migrate", {}).get("condition")
    if waits != "service_completed_successfully":
        yield f"{path.name}: the bot does not wait for the database to be brought to its version"


def _service(name: str, service: dict[str, Any]) -> Iterator[str]:
    if {"privileged", "network_mode", "pid", "ipc", "devices"} & set(service):
        yield "may do what it need not"
    if service.get("read_only") is not True or service.get("cap_drop") != ["ALL"]:
        yield "is not read-only, or keeps capabilities"
    if "no-new-privileges:true" not in service.get("security_opt", []):
        yield "may gain privileges"
    if "healthcheck" not in service:
        yield "is in nobody's care: there is no healthcheck"
    if service.get("ports") and name != "proxy":
        yield "is open to the world"
    if any("docker.sock" in str(volume) for volume in service.get("volumes", [])):
        yield "holds the keys of the machine"
    if secret := set(service.get("environment", {})) & ({variable(one) for one in SECRETS} | {"POSTGRES_PASSWORD"}):
        yield f"has a secret in a variable: {', '.join(sorted(secret))}"


def example(folder: Path) -> Iterator[str]:
    """Hold the example of the settings to the settings there are."""
    path = folder / "konwent-bot.env.example"
    named = re.findall(r"^#?(KONWENT_[A-Z_]+)=", path.read_text("utf-8"), re.MULTILINE)
    known = {variable(name) for name in Settings.model_fields}
    yield from (f"{path.name} does not tell of {name}" for name in sorted(known - set(named)))
    yield from (f"{path.name} tells of {name}, which sets nothing" for name in sorted(set(named) - known))
    yield from (f"{path.name} tells of {name} twice" for name in sorted({name for name in named if named.count(name) > 1}))


# --- units ------------------------------------------------------------------------------------------------------------


def read_unit(path: Path) -> dict[str, list[tuple[str, str]]]:
    """Read a unit: section -> its lines as pairs. Raises ``ValueError`` for a line that is none."""
    sections: dict[str, list[tuple[str, str]]] = {}
    lines: list[tuple[str, str]] | None = None
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            lines = sections.setdefault(line.strip("[]"), [])
        elif lines is not None and _UNIT_LINE.fullmatch(line):
            key, _, value = line.partition("=")
            lines.append((key, value))
        else:
            raise ValueError(f"{path.name}:{number}: {line}")
    return sections


def units(folder: Path) -> Iterator[str]:
    """Check the units as far as it can be done without systemd."""
    for name in UNITS:
        yield from _unit(folder / name)


def _unit(path: Path) -> Iterator[str]:
    try:
        sections = read_unit(path)
    except ValueError as error:
        yield str(error)
        return
    if strange := set(sections) - {"Unit", "Service", "Timer", "Install"}:
        yield f"{path.name}: no such section: {', '.join(sorted(strange))}"
    if path.suffix != ".service":
        return
    said = dict(sections.get("Service", []))
    yield from (f"{path.name}: {key}={value} is missing" for key, value in HARDENED.items() if said.get(key) != value)
    for key, value in sections.get("Service", []):
        if key == "Environment" and any(value.startswith(f"{variable(secret)}=") for secret in SECRETS):
            yield f"{path.name}: a secret in a variable"


def systemd(folder: Path) -> Iterator[str]:
    """Have systemd look at the units as they will be installed, in a root of their own with a program in its place."""
    if not shutil.which("systemd-analyze"):
        if os.environ.get("CI"):
            yield "systemd-analyze is missing, and continuous integration must have it"
        return
    with tempfile.TemporaryDirectory() as made:
        root = Path(made)
        units, program = root / "etc/systemd/system", root / "opt/konwent-bot/bin/konwent-bot"
        for target in Path("/usr/lib/systemd/system").glob("*.target"):  # what units refer to without saying so
            (root / "usr/lib/systemd/system").mkdir(parents=True, exist_ok=True)
            shutil.copy(target, root / "usr/lib/systemd/system")
        shutil.copytree(folder, units, ignore=shutil.ignore_patterns("secrets", ".env"))
        program.parent.mkdir(parents=True)
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
        for name in UNITS:
            yield from _told(f"systemd: {name}", "systemd-analyze", "verify", "--man=no", f"--root={root}", name, silent=True)
        for name in UNITS[:2]:
            yield from _told(
                f"systemd: {name} is exposed",
                "systemd-analyze", "security", "--offline=true", f"--root={root}", f"--threshold={MOST_EXPOSED}", "--no-pager", name,
            )  # fmt: skip


def main() -> int:
    """Check the folder; 1 when something is wrong."""
    found = list(faults(DEPLOY))
    sys.stdout.write("".join(f"{fault}\n" for fault in found) or "deploy: as it should be\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
