"""Where things stand in a flow file: TOML readers give no line numbers, people need them.

A flow file is written one field a line under ``[[questions]]`` headers, so counting headers and looking for ``field =`` is
enough; for a file written otherwise the answer is the nearest header or line 1, never an exception.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_HEADER = re.compile(r"\s*\[\[\s*([A-Za-z0-9_-]+)\s*\]\]")
_FIELD = re.compile(r"\s*([A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')\s*=")


@dataclass(slots=True)
class _Block:
    line: int
    fields: dict[str, int] = field(default_factory=dict)
    last: int = 0


class Lines:
    """Line numbers of one file, from 1."""

    def __init__(self, text: str) -> None:
        self._text = text.splitlines()
        self._top = _Block(1)
        self._blocks: dict[str, list[_Block]] = {}
        self._scan()

    def _scan(self) -> None:
        block, within = self._top, ""
        for number, line in enumerate(self._text, start=1):
            block.last = number
            if within:  # inside a text of several lines nothing is a header or a field
                if within in line:
                    within = ""
                continue
            if header := _HEADER.match(line):
                block = _Block(number, last=number)
                self._blocks.setdefault(header[1], []).append(block)
            elif name := _FIELD.match(line):
                block.fields.setdefault(name[1].strip("\"'"), number)
            for quote in ('"""', "'''"):
                if line.count(quote) % 2:
                    within = quote
                    break

    def of(self, table: str | None = None, index: int = 0, name: str | None = None) -> int:
        """Give the line of a field, else of the ``index``-th ``[[table]]`` header; without a table, of the file's own field."""
        block = self._top
        if table is not None:
            blocks = self._blocks.get(table, [])
            if index >= len(blocks):
                return self._top.fields.get(table, 1)
            block = blocks[index]
        return block.fields.get(name, block.line) if name is not None else block.line

    def item(self, table: str, index: int, name: str, key: str) -> int:
        """Give the line where ``key`` stands in quotes within a field of many lines (a choice's id), else the field's own."""
        start = self.of(table, index, name)
        blocks = self._blocks.get(table, [])
        last = blocks[index].last if index < len(blocks) else len(self._text)
        for number in range(start, last + 1):
            if f'"{key}"' in self._text[number - 1] or f"'{key}'" in self._text[number - 1]:
                return number
        return start
