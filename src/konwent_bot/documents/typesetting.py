"""Documents by typst: a template of ours and plain data give an accessible PDF (PDF/UA-1).

The data travels as JSON through ``sys.inputs``; a template shows texts and never evaluates them, so whatever a person typed
stays a text. Only the fonts of this room are used. The same data gives the same bytes: nothing in the file says when it was made.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final, TypeAlias

import typst

from konwent_bot import resources
from konwent_bot.documents import letters

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"

#: What an accessible file must keep (ISO 14289-1). typst refuses to write one without title, language or alternative texts.
_STANDARD: typst.PDFStandard = "ua-1"
#: Given to typst in place of the time of day, in seconds since 1970.
_NO_TIME = 0
#: typst keeps what it has laid out until so many documents have gone without it: 6 MiB for minutes of 60 institutions, 50 for 1,000.
_REMEMBERED: Final = 10


def render(template: str, data: Mapping[str, Json]) -> bytes:
    """Typeset ``templates/<template>.typ`` with ``data`` (``data.json`` of the template) into a PDF.

    Texts must have been cleaned (``letters.Cleaner``): a sign no font can show stops the typesetting with ``typst.TypstError``,
    which is a mistake of ours like a fault in the template. Releases the interpreter while it works.
    """
    source = resources.of_room("documents", "templates", f"{template}.typ")
    compiler = typst.Compiler(
        input=source,
        root=source.parent,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    pdf, remarks = compiler.compile_with_warnings(format="pdf", pdf_standards=[_STANDARD], timestamp=_NO_TIME)
    for remark in remarks:
        warnings.warn(f"{template}.typ: {remark.message}", stacklevel=2)
    assert isinstance(pdf, bytes), "typst gives one PDF as bytes"
    _forget()
    return pdf


def _forget() -> None:
    """Have typst let go of the document that was just set: nobody sets the same one again, and the program runs for months.

    Costs some milliseconds: a page with nothing on it, as often as typst waits for a document to be asked for again.
    """
    blank = typst.Compiler(
        input=resources.of_room("documents", "templates", "blank.typ"), font_paths=_fonts(), ignore_system_fonts=True
    )
    for _ in range(_REMEMBERED + 1):
        blank.compile(format="pdf")


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[letters.fonts()])
