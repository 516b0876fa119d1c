"""The register of decisions as a spreadsheet: one decision a row, in the reader's language.

What people wrote goes in as text, never as a formula: a title may begin with "=".
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from konwent_bot.documents import decision_words
from konwent_bot.errors import N_
from konwent_bot.i18n import Translator

_HEADINGS: Final = (
    N_("Number"), N_("Day"), N_("Title"), N_("Text"), N_("How"), N_("Result"), N_("Votes for"), N_("Votes against"), N_("Abstained"),
    N_("Replaces"), N_("Replaced by"),
)  # fmt: skip
#: Widths of these columns, in characters.
_WIDTHS: Final = (10, 12, 40, 80, 22, 18, 10, 10, 12, 12, 12)
#: Characters of a cell, as spreadsheet programs take them.
_MOST: Final = 32_767


@dataclass(frozen=True, slots=True)
class Row:
    """A decision."""

    #: "3/2026".
    name: str
    day: date
    title: str
    text: str
    #: ``consensus``, ``tacit``, ``open``, ``secret`` or ``by_hand``.
    method: str
    #: ``passed``, ``failed`` or ``void``.
    verdict: str
    #: For, against, abstained; ``None`` where nobody voted because nobody objected.
    votes: tuple[int, int, int] | None
    #: Names of the decisions it replaced, and was replaced by; empty where there is none.
    replaces: str
    replaced_by: str


def make(t: Translator, body: str, rows: Sequence[Row], *, now: datetime) -> bytes:
    """Make the workbook (XLSX), rows in the order given; ``now`` is written into it as the moment it was made."""
    import xlsxwriter  # only who asks for a spreadsheet pays for its writer

    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": t("Register of decisions"), "subject": body, "created": now.replace(tzinfo=None)})
        bold, wrapped = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"text_wrap": True, "valign": "top"})
        top, day = book.add_format({"valign": "top"}), book.add_format({"valign": "top", "num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet(t("Decisions")[:31])
        for column, (heading, width) in enumerate(zip(_HEADINGS, _WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, t(heading), bold)
        for line, row in enumerate(rows, 1):
            sheet.write_string(line, 0, row.name, top)
            sheet.write_datetime(line, 1, datetime(row.day.year, row.day.month, row.day.day), day)  # noqa: DTZ001 - a cell holds a day of no zone
            for column, words in enumerate(
                (row.title, row.text, decision_words.method(row.method, t), decision_words.became(row.verdict, t)), 2
            ):
                sheet.write_string(line, column, words[:_MOST], wrapped)
            for column, number in enumerate(row.votes or (), 6):
                sheet.write_number(line, column, number, top)
            sheet.write_string(line, 9, row.replaces, top)
            sheet.write_string(line, 10, row.replaced_by, top)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(rows), 1), len(_HEADINGS) - 1)
    return made.getvalue()
