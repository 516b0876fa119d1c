"""What stands in ``deploy/`` is right, and the checks that say so see what is wrong."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from _pytest.mark.structures import ParameterSet

from konwent_bot.cli import COMMANDS
from konwent_bot.settings import Settings, variable
from tests import deployment

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of ``deploy/`` that may be spoilt."""
    return Path(shutil.copytree(deployment.DEPLOY, tmp_path / "deploy"))


def spoil(path: Path, former: str, new: str) -> None:
    """Put something else into a file, wherever the former words stand in it."""
    text = path.read_text("utf-8")
    assert former in text
    path.write_text(text.replace(former, new), "utf-8")


def test_everything_in_deploy_is_as_it_should_be() -> None:
    """An operator can take the files as they are."""
    assert list(deployment.faults(deployment.DEPLOY)) == []


CONTAINER = [
    ("USER 10001:10001\n", "", "USER"),
    ("USER 10001:10001\n", "USER root\n", "USER"),
    ("HEALTHCHECK", "# HEALTHCHECK", "HEALTHCHECK"),
    (" --no-cache-dir", "", "DL3042"),
    ("python:3.11-slim-bookworm AS build", "python AS build", "DL3006"),
    (" --constraint constraints.txt", "", "pinned versions"),
    ("RUN pip uninstall", "RUN echo", "pip uninstall"),
    ('CMD ["run"]', "CMD run", "DL3025"),
    ("WORKDIR /src\nRUN", "WORKDIR src\nRUN", "DL3000"),
    ("ENTRYPOINT", "ENTRYPOINTS", "hadolint"),
]
COMPOSE = [
    ("services:", "service:", "compose"),
    ("read_only: true", "read_only: maybe please", "compose"),
    ("read_only: true", "read_only: false", "not read-only"),
    ("cap_drop: [ALL]", "cap_drop: [CHOWN]", "keeps capabilities"),
    ('security_opt: ["no-new-privileges:true"]', "security_opt: []", "may gain privileges"),
    ("    user: \"999:999\"", "    privileged: true\n    user: \"999:999\"", "may do what it need not"),
    ("internal: true", "internal: false", "from inside only"),
    ("networks: [inside]\n    volumes:", "networks: [outside]\n    volumes:", "from inside only"),
    ("migrate: { condition: service_completed_successfully }", "migrate: { condition: service_started }", "does not wait"),
    ("    stop_grace_period: 30s\n", "    stop_grace_period: 30s\n    ports: ['8080:8080']\n", "open to the world"),
    ("POSTGRES_PASSWORD_FILE: /run/secrets/postgres_password", "POSTGRES_PASSWORD: tajne", "secret in a variable"),
    ("- data:/data", "- /var/run/docker.sock:/data", "keys of the machine"),
]  # fmt: skip
EXAMPLE = [
    ("#KONWENT_SMTP_URL=", "#", "does not tell of KONWENT_SMTP_URL"),
    ("KONWENT_LANGUAGE=", "KONWENT_LANGAUGE=", "KONWENT_LANGAUGE, which sets nothing"),
    ("#KONWENT_PORT=8080", "#KONWENT_HOST=8080", "KONWENT_HOST twice"),
]
UNITS = [
    ("ProtectSystem=strict\n", "", "ProtectSystem=strict is missing"),
    ("User=konwent-bot", "User=root", "User=konwent-bot is missing"),
    ("[Install]", "[Instal]", "no such section: Instal"),
    ("Restart=on-failure", "Restart on failure", "Restart on failure"),
    ("TimeoutStopSec=30\n", "TimeoutStopSec=30\nEnvironment=KONWENT_TELEGRAM_TOKEN=1:a\n", "a secret in a variable"),
]
SYSTEMD = [
    ("Restart=on-failure", "Restart=sometimes", "sometimes"),
    ("ProtectSystem=strict", "ProtectSytem=strict", "ProtectSytem"),
    ("/opt/konwent-bot/bin/konwent-bot run", "konwent/bot run", "konwent/bot"),
]


def cases() -> Iterator[ParameterSet]:
    for check, name, given in (
        (deployment.container, "Containerfile", CONTAINER),
        (deployment.compose, "compose.yaml", COMPOSE),
        (deployment.example, "konwent-bot.env.example", EXAMPLE),
        (deployment.units, "konwent-bot.service", UNITS),
    ):
        for former, new, said in given:
            yield pytest.param(check, name, former, new, said, id=f"{name}: {former.strip()[:24]} > {new.strip()[:24]}")


@pytest.mark.parametrize(("check", "name", "former", "new", "said"), list(cases()))
def test_what_is_wrong_is_seen(
    check: Callable[[Path], Iterator[str]], name: str, former: str, new: str, said: str, copy: Path
) -> None:
    """A file spoilt on purpose is found out, with words that say what is wrong."""
    assert list(check(copy)) == []
    spoil(copy / name, former, new)
    found = list(check(copy))
    assert found
    assert said in "\n".join(found)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None and "CI" not in os.environ, reason="a machine without systemd")
@pytest.mark.parametrize(("former", "new", "said"), SYSTEMD)
def test_what_systemd_would_not_take_is_seen(former: str, new: str, said: str, copy: Path) -> None:
    """A unit systemd would complain about does not leave the house."""
    spoil(copy / "konwent-bot.service", former, new)
    assert said in "\n".join(deployment.systemd(copy))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None and "CI" not in os.environ, reason="a machine without systemd")
def test_an_exposed_unit_is_seen(copy: Path) -> None:
    """A service that may do too much is over the threshold, and the sentence names the figure."""
    path = copy / "konwent-bot-backup.service"
    kept = [
        line for line in path.read_text("utf-8").splitlines() if not line.startswith(("Protect", "Private", "Restrict", "System"))
    ]
    path.write_text("\n".join(kept) + "\n", "utf-8")
    assert "Overall exposure level" in "\n".join(deployment.systemd(copy))


def test_without_systemd_continuous_integration_does_not_go_on(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the checks count, a missing tool is a fault and not a silence."""
    monkeypatch.setenv("PATH", str(copy))
    monkeypatch.setenv("CI", "1")
    assert list(deployment.systemd(copy)) == ["systemd-analyze is missing, and continuous integration must have it"]


def test_make_check_looks_at_deploy() -> None:
    """Whoever changes a file there learns of it before anybody installs it."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert "-m tests.deployment" in makefile[makefile.index("\ncheck:") :]


def test_the_operators_command_takes_the_services_settings(copy: Path, tmp_path: Path) -> None:
    """``sudo konwent doctor`` runs the program as its own user, with the settings and the secrets of the service."""
    settings, tools = tmp_path / "etc", tmp_path / "bin"
    settings.mkdir()
    tools.mkdir()
    (settings / "konwent-bot.env").write_text('KONWENT_CONTROLLER="Klub Integracji Społecznej"\n')
    (settings / "smtp-url").write_text("smtp://x")
    (tools / "runuser").write_text(
        '#!/bin/sh\nprintf "%s\\n" "$*" "$KONWENT_CONTROLLER" "$KONWENT_SMTP_URL_FILE" "${KONWENT_DATABASE_URL_FILE-none}" "$(umask)"\n'
    )
    (tools / "runuser").chmod(0o755)
    ran = subprocess.run(
        ["sh", copy / "konwent", "body", "create", "Lokalna Sieć"], capture_output=True, text=True, check=True,
        env={"PATH": f"{tools}:{os.environ['PATH']}", "KONWENT_SETTINGS": str(settings)},
    )  # fmt: skip
    assert ran.stdout.splitlines() == [
        "-u konwent-bot -- /opt/konwent-bot/bin/konwent-bot body create Lokalna Sieć",
        "Klub Integracji Społecznej", str(settings / "smtp-url"), "none", "0077",
    ]  # fmt: skip


def test_the_image_has_what_it_copies_and_nothing_else_travels() -> None:
    """Everything the container file takes is let through to the builder, and what is let through is there."""
    ignore = (deployment.DEPLOY / "Containerfile.dockerignore").read_text("utf-8").splitlines()
    through = {line[1:] for line in ignore if line.startswith("!")}
    copied = {
        source
        for line in (deployment.DEPLOY / "Containerfile").read_text("utf-8").splitlines()
        if line.startswith("COPY ") and "--from" not in line
        for source in line.split()[1:-1]
    }
    assert ignore[1] == "*"
    assert copied == through
    assert [name for name in through if not (ROOT / name).exists()] == []


def test_the_handbook_names_what_there_is() -> None:
    """Commands, files and variables of the deployment chapter exist; whoever follows it does not run into a wall."""
    text = (ROOT / "docs" / "wdrozenie.md").read_text("utf-8")
    commands = set(
        re.findall(r"(?:^|[`$&] ?|sudo )(?:konwent-bot|konwent|docker compose run --rm bot) ([a-z]+)\b", text, re.MULTILINE)
    )
    assert {"doctor", "body", "roster", "invite", "backup", "restore"} <= commands <= set(COMMANDS)
    files = set(re.findall(r"deploy/[\w.-]+", text))
    assert len(files) > 5
    assert [name for name in sorted(files) if not (ROOT / name.rstrip(".")).exists()] == []
    variables = {name.removesuffix("_FILE") for name in re.findall(r"KONWENT_[A-Z_]+", text)}
    assert variables <= {variable(name) for name in Settings.model_fields}


def test_the_health_check_of_the_image_tells_health_from_sickness(tmp_path: Path) -> None:
    """The very command of the container file succeeds where /healthz answers, and fails where nobody does."""

    class Healthy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/healthz" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    found = re.search(r"CMD (\[\"python\".*\])", (deployment.DEPLOY / "Containerfile").read_text("utf-8"))
    assert found is not None
    _, *words = json.loads(found[1])
    server = HTTPServer(("127.0.0.1", 0), Healthy)
    words = [word.replace(":8080", f":{server.server_port}") for word in words]
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        assert subprocess.run([sys.executable, *words], timeout=60, check=False).returncode == 0
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert subprocess.run([sys.executable, *words], timeout=60, check=False, capture_output=True).returncode != 0
