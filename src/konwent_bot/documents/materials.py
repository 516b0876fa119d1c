"""Materials of a meeting: whether a file somebody wants to attach may go to everybody, by what is in it and not by its name.

What passes is a document, a picture or a text without macros, with a name that saves anywhere and an ending that tells the truth.
Its insides are not judged further: a PDF may still hold a link, as a letter may.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from dataclasses import dataclass
from typing import Final

from konwent_bot.documents import csv_text, plain
from konwent_bot.errors import N_, Invalid

#: Bytes of one file.
LARGEST: Final = 10 * 1024 * 1024
#: Parts of an office document, and bytes of the part that says what it is; real ones have tens and kilobytes.
_PARTS, _SAYS = 5_000, 1024 * 1024


@dataclass(frozen=True, slots=True)
class Material:
    """A file that may be attached."""

    #: Without a folder, with the ending of its type.
    name: str
    media: str
    content: bytes
    #: SHA-256 in hexadecimal.
    sha256: str


@dataclass(frozen=True, slots=True)
class _Kind:
    media: str
    #: The usual ending first.
    endings: tuple[str, ...]


_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_OPEN: Final = "application/vnd.oasis.opendocument"
_PDF, _PNG, _JPEG = _Kind("application/pdf", ("pdf",)), _Kind("image/png", ("png",)), _Kind("image/jpeg", ("jpg", "jpeg"))
_TXT: Final = _Kind("text/plain", ("txt",))
#: What the first bytes say.
_BEGINNINGS: Final = ((b"%PDF-", _PDF), (b"\x89PNG\r\n\x1a\n", _PNG), (b"\xff\xd8\xff", _JPEG))
#: What ``[Content_Types].xml`` names as the main part (ECMA-376-2 §10.1.2).
_MAIN_PARTS: Final = {
    f"{_OFFICE}.wordprocessingml.document": _Kind(f"{_OFFICE}.wordprocessingml.document", ("docx",)),
    f"{_OFFICE}.spreadsheetml.sheet": _Kind(f"{_OFFICE}.spreadsheetml.sheet", ("xlsx",)),
    f"{_OFFICE}.presentationml.presentation": _Kind(f"{_OFFICE}.presentationml.presentation", ("pptx",)),
}
#: What ``mimetype`` says (ODF 1.3 part 2 §3.3).
_MIMETYPES: Final = {
    f"{_OPEN}.{kind}": _Kind(f"{_OPEN}.{kind}", (ending,))
    for kind, ending in (("text", "odt"), ("spreadsheet", "ods"), ("presentation", "odp"))
}
#: The container of office programs before 2007, and of today's documents under a password.
_OLD: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def check(name: str, content: bytes) -> Material:
    """Tell what a file is and give it a name it can be sent under.

    Args:
        name: as the person's device calls it.
        content: the file.

    Raises:
        Invalid: empty, too large, of another type, with macros, damaged; the sentence says what to do.
    """
    if not content:
        raise Invalid(N_("The file is empty. Please choose it again."))
    if len(content) > LARGEST:
        raise Invalid(
            N_("The file is larger than {most} MB. Please save a smaller one, or give a link instead."), most=LARGEST // 1024**2
        )
    safe = plain.file_name(name)
    kind = _kind(content, safe)
    stem, _, ending = safe.rpartition(".")
    if ending.lower() not in kind.endings or not stem:
        safe = plain.file_name(f"{safe[: plain.FILE_NAME - 10]}.{kind.endings[0]}")
    return Material(safe, kind.media, content, hashlib.sha256(content).hexdigest())


def _kind(content: bytes, name: str) -> _Kind:
    for beginning, kind in _BEGINNINGS:
        if content.startswith(beginning):
            return kind
    if content.startswith(_OLD):
        raise Invalid(
            N_(
                "This file is of an old office program, or locked with a password. Please save it as PDF, DOCX or XLSX without a password."
            )
        )
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    # A text begins with nothing of its own, so here the name has a word too: a page or a program is text as well.
    if name.lower().endswith(".txt") and _is_text(content):
        return _TXT
    raise _other()


def _office(content: bytes) -> _Kind:
    if content.count(b"PK\x01\x02") > _PARTS:
        raise _other()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = set(parts.namelist())
            kind = _open_document(parts, names) or _office_document(parts, names)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        # RuntimeError: parts under a password
        raise Invalid(N_("This file is damaged or locked. Please open it, save it again and attach it once more.")) from error
    if kind is None:
        raise _other()
    if any(part.endswith("vbaProject.bin") or part.startswith(("Basic/", "Scripts/")) for part in names):
        raise _macros()
    return kind


def _open_document(parts: zipfile.ZipFile, names: set[str]) -> _Kind | None:
    return _MIMETYPES.get(_read(parts, "mimetype").decode("ascii", "replace").strip()) if "mimetype" in names else None


def _office_document(parts: zipfile.ZipFile, names: set[str]) -> _Kind | None:
    if "[Content_Types].xml" not in names:
        return None
    said = _read(parts, "[Content_Types].xml").decode("utf-8", "replace")
    if any(word in said for word in ("macroEnabled", "vbaProject", "macrosheet")):
        raise _macros()
    return next((kind for main, kind in _MAIN_PARTS.items() if f'"{main}.main+xml"' in said), None)


def _read(parts: zipfile.ZipFile, name: str) -> bytes:
    with parts.open(name) as part:  # never more than this, whatever its size is said to be
        return part.read(_SAYS)


def _is_text(content: bytes) -> bool:
    try:
        text, _ = csv_text.decode(content)
    except Invalid:
        return False
    return all(sign.isprintable() or sign in "\t\r\n\f\xad\u200b\u200c\u200d\ufeff" for sign in text[:_SAYS])


def _macros() -> Invalid:
    return Invalid(N_("This file contains macros, which are programs. Please save it without them, or as PDF."))


def _other() -> Invalid:
    return Invalid(
        N_(
            "This kind of file cannot be attached. What can: PDF, a document (DOCX, ODT), a sheet (XLSX, ODS), a presentation (PPTX, ODP), a picture (PNG, JPEG) or a text (TXT)."
        )
    )
