"""Tables in a terminal: columns as wide as their longest text, the last one folded to the width that is left."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence

_GAP = "  "
#: A column that folds is never narrower than this, whatever the terminal.
_NARROWEST = 30


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, fold_last: bool = False) -> str:
    """Write rows under their headings. Columns that are empty in every row are left out.

    ``fold_last``: break the texts of the last column at the terminal's width (80 where there is none); without it every row is
    one line, so that links stay whole.
    """
    kept = [index for index in range(len(headings)) if any(row[index] for row in rows)]
    cells = [[headings[index] for index in kept], *([row[index] for index in kept] for row in rows)]
    widths = [max(len(row[index]) for row in cells) for index in range(len(kept))]
    if fold_last and kept and kept[-1] == len(headings) - 1:
        used = sum(widths[:-1]) + len(_GAP) * (len(widths) - 1)
        widths[-1] = min(widths[-1], max(shutil.get_terminal_size().columns - used, _NARROWEST))
    lines = [_line(row, widths, fold_last) for row in cells]
    lines.insert(1, _GAP.join("-" * width for width in widths))
    return "\n".join(line.rstrip() for line in lines)


def _line(row: Sequence[str], widths: Sequence[int], fold_last: bool) -> str:
    *first, last = row
    before = _GAP.join(text.ljust(width) for text, width in zip(first, widths, strict=False))
    indent = len(before) + len(_GAP) if first else 0
    folded = (
        [line for part in last.split("\n") for line in textwrap.wrap(part, widths[-1], break_on_hyphens=False) or [""]]
        if fold_last
        else [last]
    )
    return (before + _GAP if first else "") + f"\n{' ' * indent}".join(folded)
