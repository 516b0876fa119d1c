"""Typesetting refuses and warns: what would make a document that some people cannot read never goes by in silence."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
import typst

from konwent_bot import resources
from konwent_bot.documents import typesetting

ROOT: Final = Path(__file__).parents[2]
#: Sets different minutes of 60 institutions, and prints how many MiB ten more of them take than the first ones.
MANY: Final = """
import resource
from tests.documents.minutes.examples import meeting, sheet, version
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
def several(first, last):
    for number in range(first, last):
        sheet(version(meeting(institutions=60 + number)))
    return peak()
before = several(0, 5)
print(several(5, 15) - before)
"""
WHOLE = '#set document(title: "T"); #set text(font: "Noto Sans", lang: "pl"); '


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A template of our own in place of those of the room, but for the blank one."""
    shutil.copy(resources.of_room("documents", "templates", "blank.typ"), tmp_path)
    of_room = resources.of_room
    ours = {"templates": tmp_path}
    monkeypatch.setattr(resources, "of_room", lambda room, kind, *name: ours.get(kind, of_room(room, kind)).joinpath(*name))
    return tmp_path / "own.typ"


def test_a_template_that_asks_for_a_font_we_do_not_have_warns(template: Path) -> None:
    """Typst would take another one; a warning fails every test, so no such template is shipped."""
    template.write_text(WHOLE.replace("Noto Sans", "Comic Sans") + "= Napis", encoding="utf-8")
    with pytest.warns(UserWarning, match=r"own\.typ: unknown font family"):
        typesetting.render("own", {})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (WHOLE + "= A\n=== B", "heading"),  # a level left out
        (
            WHOLE + '= A\n#image(bytes("<svg xmlns=\\"http://www.w3.org/2000/svg\\"/>"), format: "svg")',
            "alt",
        ),  # a picture without words
        (WHOLE + "= שלום", "display"),  # a letter no font has
        ('#set text(font: "Noto Sans")\n= A', "title"),  # a file without a title
    ],
)
def test_what_nobody_could_read_is_not_typeset(text: str, reason: str, template: Path) -> None:
    """Headings without gaps, words for pictures, letters that can be shown, a title."""
    template.write_text(text, encoding="utf-8")
    with pytest.raises(typst.TypstError, match=reason):
        typesetting.render("own", {})


def test_what_was_typeset_is_forgotten() -> None:
    """A program that runs for months does not hold the documents it has set: ten more take no more memory than the first ones."""
    done = subprocess.run([sys.executable, "-c", MANY], cwd=ROOT, capture_output=True, text=True, check=True)
    assert float(done.stdout) < 20
