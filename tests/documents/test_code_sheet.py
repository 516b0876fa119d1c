"""The sheet with the day's code: one page for phones and for people, whatever the network is called."""

from __future__ import annotations

import page
import pytest
from tests.documents.test_invitation_sheet import marked, opened

from konwent_bot.documents import code_sheet
from konwent_bot.i18n import LANGUAGES, translator


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("link", ["https://konwent.example/s/jh:1:042137", ""])
@pytest.mark.parametrize("body", ["Lokalna Sieć w Janowie", "🙂 שלום \u202e<b>", "W" * 5_000, "żółw " * 1_000])
def test_the_code_stands_on_one_accessible_page(language: str, link: str, body: str) -> None:
    """PDF/UA-1 on a single page, with a picture for phones where there is a link; the same meeting gives the same bytes."""
    when = "wtorek, 15 grudnia 2026, 10:00–12:00"

    def made() -> bytes:
        return code_sheet.make(translator(language), body=body, meeting="Spotkanie", when=when, code="042 137", link=link)

    pdf = made()
    assert pdf == made()
    assert page.validate_pdf_bytes(pdf, profile="ua1").is_compliant
    sheet = opened(pdf)
    assert len(sheet.pages) == 1
    assert "042 137" not in str(sheet.open_metadata()["dc:title"]), "the name of a file is seen by others"
    pictures = [node for node in marked(sheet) if node["/S"] == "/Figure"]
    assert [bool(str(node["/Alt"])) for node in pictures] == ([True] if link else [])
