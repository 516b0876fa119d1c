"""The machine the bench runs on: what it is, which cores each side gets, what a commit to its disk costs."""

from __future__ import annotations

import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

#: Appends measured for the cost of a commit.
_APPENDS = 300


def cores() -> tuple[set[int], set[int]]:
    """Give the cores of the measured bot and of everything else: the last one for the bot, the others for the rest.

    Both sides of every ratio get the same. With one core nothing is pinned, and both sets are that core.
    """
    mine = sorted(os.sched_getaffinity(0))
    return ({mine[-1]}, set(mine[:-1])) if len(mine) > 1 else (set(mine), set(mine))


def described() -> dict[str, object]:
    """Say what the machine is and which versions are measured."""
    bot, rest = cores()
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_mib": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20,
        "system": platform.platform(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "versions": {
            name: version(name) for name in ("aiogram", "aiohttp", "pydantic", "sqlalchemy", "asyncpg", "jinja2", "typer")
        },
        "commit": _commit(),
        "cores_of_the_bot": sorted(bot),
        "cores_of_driver_and_database": sorted(rest),
    }


def now() -> str:
    """Give the date and time for the header."""
    return datetime.now(UTC).isoformat(timespec="seconds")  # noqa: TID251 - a measurement carries civil time


def fsync_microseconds(folder: Path) -> float:
    """Give the median cost of appending 4 KiB and having it on disk, in microseconds."""
    taken = []
    with (folder / "fsync").open("wb", buffering=0) as file:
        for _ in range(_APPENDS):
            file.write(bytes(4096))
            began = time.perf_counter()
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1e6


def memory_mib(process: int) -> tuple[float, float]:
    """Give the resident memory of a process now and at its highest, in MiB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    found = {name: int(rest.split()[0]) / 1024 for name, _, rest in (line.partition(":") for line in lines) if name[:2] == "Vm"}
    return found["VmRSS"], found["VmHWM"]


def cpu_seconds(process: int) -> float:
    """Give the processor time a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def spawn(
    arguments: list[str], *, on: set[int] | None = None, env: dict[str, str] | None = None, talk: bool = False
) -> subprocess.Popen[str]:
    """Start a measured process on these cores; ``talk`` gives pipes to its standard input and output."""
    made = subprocess.Popen(
        arguments,
        env=os.environ | {"KONWENT_BENCH": "1"} | (env or {}),
        stdin=subprocess.PIPE if talk else subprocess.DEVNULL,
        stdout=subprocess.PIPE if talk else subprocess.DEVNULL,
        text=True,
    )
    if on:
        os.sched_setaffinity(made.pid, on)
    return made


def ask(process: subprocess.Popen[str], line: str) -> str:
    """Give a worker a line and wait for its answer. Raises ``RuntimeError`` when it has stopped."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()
    said = process.stdout.readline()
    if not said:
        raise RuntimeError(f"{' '.join(map(str, process.args if isinstance(process.args, list) else []))} has stopped")
    return said.strip()


def python(module: str, *arguments: str) -> list[str]:
    """Give the command that runs a module of the bench."""
    return [sys.executable, "-m", module, *arguments]


def stopped(process: subprocess.Popen[str]) -> int:
    """Stop a process that we started, gently, and give its exit code."""
    if process.poll() is None:
        process.terminate()
    try:
        return process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()
    finally:
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


def _commit() -> str:
    said = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return said.stdout.strip()
