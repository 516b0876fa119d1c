"""What may be attached to a meeting: documents as offices make them, by what is in them; nothing that runs."""

from __future__ import annotations

import hashlib
import io
import time
import zipfile

import pytest
import xlsxwriter

from konwent_bot.documents.materials import LARGEST, check
from konwent_bot.errors import Invalid

OFFICE = "application/vnd.openxmlformats-officedocument"
ODF = "application/vnd.oasis.opendocument"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def packed(*parts: tuple[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP with the given parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return made.getvalue()


def office(main: str, *more: tuple[str, str]) -> bytes:
    """A document as Word and its kin write it."""
    types = f'<Types><Override PartName="/x.xml" ContentType="{main}.main+xml"/></Types>'
    return packed(("[Content_Types].xml", types), ("_rels/.rels", "<r/>"), *more)


def sheet() -> bytes:
    """A sheet of a real program."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        book.add_worksheet().write(0, 0, "Żółw")
    return made.getvalue()


DOCX = office(f"{OFFICE}.wordprocessingml.document")
ODT = packed(("mimetype", f"{ODF}.text"), ("content.xml", "<x/>"), method=zipfile.ZIP_STORED)


@pytest.mark.parametrize(
    ("name", "content", "media", "saved"),
    [
        ("program.pdf", PDF, "application/pdf", "program.pdf"),
        ("Zdjęcie sali.JPEG", b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg", "Zdjęcie sali.JPEG"),
        ("plan.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "image/png", "plan.png"),
        ("uchwała.docx", DOCX, f"{OFFICE}.wordprocessingml.document", "uchwała.docx"),
        ("arkusz.xlsx", sheet(), f"{OFFICE}.spreadsheetml.sheet", "arkusz.xlsx"),
        ("pokaz.pptx", office(f"{OFFICE}.presentationml.presentation"), f"{OFFICE}.presentationml.presentation", "pokaz.pptx"),
        ("pismo.odt", ODT, f"{ODF}.text", "pismo.odt"),
        ("dane.ods", packed(("mimetype", f"{ODF}.spreadsheet")), f"{ODF}.spreadsheet", "dane.ods"),
        ("notatka.txt", "Zażółć gęślą jaźń 🙂\r\n".encode(), "text/plain", "notatka.txt"),
        ("notatka.TXT", "Zażółć gęślą jaźń\r\n".encode("cp1250"), "text/plain", "notatka.TXT"),
        # The name lies, or says nothing: the content decides, and the ending says so.
        ("raport.exe", PDF, "application/pdf", "raport.exe.pdf"),
        ("pismo.pdf", DOCX, f"{OFFICE}.wordprocessingml.document", "pismo.pdf.docx"),
        ("", PDF, "application/pdf", "file.pdf"),
        (".pdf", PDF, "application/pdf", "pdf.pdf"),
        ("../../../etc/cron.d/x.pdf", PDF, "application/pdf", "x.pdf"),
        ("C:\\Users\\anna\\Pulpit\\x.pdf", PDF, "application/pdf", "x.pdf"),
        ("a\r\nSet-Cookie: x\x00.pdf", PDF, "application/pdf", "a Set-Cookie_ x.pdf"),
        ("raport\u202efdp.exe", PDF, "application/pdf", "raportfdp.exe.pdf"),
        ("nul.pdf", PDF, "application/pdf", "_nul.pdf"),
        ("🙂 שלום.pdf", PDF, "application/pdf", "🙂 שלום.pdf"),
    ],
)
def test_what_offices_make_may_be_attached(name: str, content: bytes, media: str, saved: str) -> None:
    """Known by its content, kept as it is, under a name that saves anywhere."""
    material = check(name, content)
    assert (material.name, material.media, material.content) == (saved, media, content)
    assert material.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("name", ["ż" * 5_000 + ".pdf", "a" * 5_000, "a." + "b" * 5_000])
def test_a_name_has_an_end(name: str) -> None:
    """However long the name, it saves, and its ending stays."""
    saved = check(name, PDF).name
    assert len(saved) <= 120
    assert saved.endswith(".pdf")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("pusty.pdf", b"", "is empty"),
        ("wielki.pdf", PDF + bytes(LARGEST), "larger than {most} MB"),
        ("raport.pdf", b"MZ\x90\x00\x03", "cannot be attached"),
        ("raport.pdf", b"#!/bin/sh\nrm -rf /\n", "cannot be attached"),
        ("strona.html", b"<!DOCTYPE html><script>x</script>", "cannot be attached"),
        ("rysunek.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "cannot be attached"),
        ("notatka.txt", b"MZ\x90\x00\x03\x00\x00\x00", "cannot be attached"),
        ("notatka.txt", "a\u202eb".encode(), "cannot be attached"),
        ("archiwum.docx", packed(("a.txt", "x")), "cannot be attached"),
        ("archiwum.odt", packed(("mimetype", "application/zip")), "cannot be attached"),
        (
            "wiele.docx",
            office(f"{OFFICE}.wordprocessingml.document", *((f"{n}", "") for n in range(5_001))),
            "cannot be attached",
        ),
        ("pismo.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "old office program"),
        ("pismo.docx", office(f"{OFFICE}.wordprocessingml.document", ("word/vbaProject.bin", "x")), "macros"),
        ("pismo.docx", office("application/vnd.ms-word.document.macroEnabled"), "macros"),
        ("arkusz.xlsx", packed(("[Content_Types].xml", 'ContentType="application/vnd.ms-excel.macrosheet+xml"')), "macros"),
        ("pismo.odt", packed(("mimetype", f"{ODF}.text"), ("Basic/Standard/M.xml", "x")), "macros"),
        ("pismo.docx", DOCX[: len(DOCX) // 2], "damaged"),
        ("pismo.docx", b"PK\x03\x04", "damaged"),
        ("pismo.odt", ODT.replace(b"opendocument", b"opendocumenX"), "damaged"),
    ],
)
def test_what_is_no_material_is_refused_with_a_way_out(name: str, content: bytes, sentence: str) -> None:
    """Programs, pages, macros, archives, damaged and old files: the sentence says what to do instead."""
    with pytest.raises(Invalid) as refused:
        check(name, content)
    assert sentence in refused.value.msgid


def test_a_file_that_swells_when_unpacked_costs_nothing() -> None:
    """Ten megabytes that say they are ten gigabytes are looked at for a moment and read no further than a page."""
    swelling = packed(("[Content_Types].xml", bytes(200 * 1024**2)))
    assert len(swelling) < LARGEST
    before = time.process_time()
    with pytest.raises(Invalid):
        check("pismo.docx", swelling)
    assert time.process_time() - before < 0.5
