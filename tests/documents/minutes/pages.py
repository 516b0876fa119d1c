"""A document as its readers get it: the words on each page for the eye, the structure for a screen reader."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import cache

import pikepdf
from tests.documents.test_invitation_sheet import marked, opened

__all__ = ["marked", "opened", "page_of", "pages", "words"]


def pages(pdf: bytes) -> list[str]:
    """Give the words of each page as they are drawn, without the spaces between them."""
    return [_drawn(leaf) for leaf in pikepdf.open(io.BytesIO(pdf)).pages]


def words(text: str) -> str:
    """Give a text as ``pages`` would."""
    return re.sub(r"[\s\u200b]", "", text)


def page_of(node: pikepdf.Dictionary) -> set[tuple[int, int]]:
    """Give the pages (by their object) on which something of an element is drawn."""
    return {leaf.objgen for leaf in _leaves(node)}


def _leaves(node: pikepdf.Object) -> Iterator[pikepdf.Object]:
    if isinstance(node, pikepdf.Array):
        for kid in node:
            yield from _leaves(kid)
    elif isinstance(node, pikepdf.Dictionary):
        if "/Pg" in node:
            yield node["/Pg"]
        if "/K" in node:
            yield from _leaves(node["/K"])


def _drawn(leaf: pikepdf.Page) -> str:
    fonts = {name: _letters(font["/ToUnicode"].read_bytes()) for name, font in leaf.resources.get("/Font", {}).items()}
    said, letters = [], {}
    for one in pikepdf.parse_content_stream(leaf):
        match str(one.operator):
            case "Tf":
                letters = fonts[str(one.operands[0])]
            case "Tj":
                said.append(_said(bytes(one.operands[0]), letters))
            case "TJ":
                said += [_said(bytes(part), letters) for part in one.operands[0] if isinstance(part, pikepdf.String)]
    return words("".join(said))


def _said(codes: bytes, letters: dict[int, str]) -> str:
    return "".join(letters.get(int.from_bytes(codes[at : at + 2], "big"), "") for at in range(0, len(codes), 2))


@cache
def _letters(cmap: bytes) -> dict[int, str]:
    """Read which letters a font's codes stand for (ISO 32000-1 §9.10.3)."""
    found: dict[int, str] = {}
    text = cmap.decode("ascii")
    for block in re.findall(r"beginbfchar(.*?)endbfchar", text, re.DOTALL):
        for code, letter in re.findall(r"<(\w+)>\s*<(\w+)>", block):
            found[int(code, 16)] = bytes.fromhex(letter).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", text, re.DOTALL):
        for first, last, letter in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            start = int.from_bytes(bytes.fromhex(letter), "big")
            for code in range(int(first, 16), int(last, 16) + 1):
                found[code] = chr(start + code - int(first, 16))
    return found
