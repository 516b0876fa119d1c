"""A year in one file: complete, checked with tools everybody has, and the same whenever it is made."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from konwent_bot.documents.archive import MANIFEST, SUMS, Entry, make

ENTRIES = (
    Entry("2026/protokoly/protokol-nr-1-2026.pdf", b"%PDF-1.7 pierwszy"), Entry("2026/Żółta księga.json", b"{}\n"), Entry("pusty.txt", b""),
)  # fmt: skip


def opened(packed: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(packed))


def test_everything_is_in_it_with_its_hash() -> None:
    """The manifest says what the archive is about and names each file with its size and SHA-256."""
    with opened(make(ENTRIES, {"body": "Sieć w Janowie", "year": 2026, "left_out": []})) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [MANIFEST, SUMS, *(one.path for one in ENTRIES)]
        assert [archive.read(one.path) for one in ENTRIES] == [one.content for one in ENTRIES]
        manifest = json.loads(archive.read(MANIFEST))
    assert (manifest["body"], manifest["year"], manifest["left_out"]) == ("Sieć w Janowie", 2026, [])
    assert manifest["files"] == [
        {"path": one.path, "size": len(one.content), "sha256": hashlib.sha256(one.content).hexdigest()} for one in ENTRIES
    ]


def test_sha256sum_finds_a_changed_file(tmp_path: Path) -> None:
    """Whoever unpacks it needs no program of ours, for the manifest neither."""
    with opened(make(ENTRIES, {})) as archive:
        archive.extractall(tmp_path)

    def check() -> int:
        return subprocess.run(
            ["sha256sum", "--check", "--strict", "--quiet", SUMS], cwd=tmp_path, check=False, capture_output=True
        ).returncode

    assert check() == 0
    (tmp_path / MANIFEST).write_bytes(b"{}")
    assert check() != 0


def test_the_same_files_give_the_same_bytes() -> None:
    """Nothing in it says when it was packed."""
    assert make(ENTRIES, {"year": 2026}) == make(ENTRIES, {"year": 2026})
    assert make(ENTRIES, {"year": 2026}) != make(ENTRIES, {"year": 2027})
    with opened(make(ENTRIES, {})) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "../x",
        "a/../../x",
        "a//b",
        "a\\b",
        "C:/x",
        "a\nb",
        "a/",
        "manifest.json",
        "sha256sums",
        "PUSTY.TXT",
        "con.txt",
    ],
)
def test_a_path_that_leads_astray_is_not_packed(path: str) -> None:
    """Out of its folder, onto another file, or into something no system can save."""
    with pytest.raises(ValueError, match="archive"):
        make([*ENTRIES, Entry(path, b"")], {})


@given(st.lists(st.binary(max_size=200), max_size=5))
def test_any_content_comes_back(contents: list[bytes]) -> None:
    """Byte for byte."""
    entries = [Entry(f"{number}.bin", content) for number, content in enumerate(contents)]
    with opened(make(entries, {})) as archive:
        assert [archive.read(one.path) for one in entries] == contents
