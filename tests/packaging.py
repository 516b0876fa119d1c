"""Builds the wheel and says what is wrong with it: ``python -m tests.packaging``."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
#: Folders of the tree and where the wheel has them.
PACKED = {"src/konwent_bot": "konwent_bot", "flows": "konwent_bot/_data/flows", "locales": "konwent_bot/_data/locales"}


def build(folder: Path) -> Path:
    """Build the wheel into a folder, without the network; give its path."""
    command: list[str | Path] = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if ran.returncode:
        raise RuntimeError(f"the wheel cannot be built:\n{ran.stdout}{ran.stderr}")
    (wheel,) = folder.glob("*.whl")
    return wheel


def wanted() -> set[str]:
    """Give the names of all files of the tree that the wheel must hold: what git keeps or would keep."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *PACKED]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\0")
    return {
        inside + name.removeprefix(folder)
        for name in listed
        for folder, inside in PACKED.items()
        if name.startswith(f"{folder}/") and (ROOT / name).exists()
    }


def faults(wheel: Path) -> Iterator[str]:
    """Give what a wheel lacks and what it has too much."""
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if not name.endswith("/")}
    inside = {name for name in held if ".dist-info/" not in name}
    files = wanted()
    yield from (f"the wheel lacks {name}" for name in sorted(files - inside))
    yield from (f"the wheel should not hold {name}" for name in sorted(inside - files))
    if not any(name.endswith(".dist-info/entry_points.txt") for name in held):
        yield "the wheel has no command"


def main() -> int:
    """Build and check; 1 when something is wrong."""
    with tempfile.TemporaryDirectory() as folder:
        found = list(faults(build(Path(folder))))
    sys.stdout.write("".join(f"{fault}\n" for fault in found) or "wheel: complete\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
