"""Strict reading of a page: whatever a browser would have to put right in silence is a fault here.

No validator of HTML can be had offline, so this holds pages to the part of the standard they use: every tag closed where it was
opened, elements only where they may stand, known attributes, ids that are one and are there when they are referred to.
"""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final

_VOID: Final = frozenset({"meta", "link", "input", "br", "hr", "img"})
#: Attributes by element; "" for all.
_ATTRIBUTES: Final = {
    "": {"class", "id", "lang", "tabindex", "autofocus", "role", "aria-label", "aria-labelledby", "aria-describedby", "aria-current", "aria-invalid"},
    "meta": {"charset", "name", "content"}, "link": {"rel", "href", "type"}, "a": {"href", "hreflang", "rel"}, "label": {"for"},
    "form": {"method", "action", "novalidate", "enctype"}, "textarea": {"name", "rows", "readonly"},
    "input": {
        "type", "name", "value", "checked", "inputmode", "autocomplete", "size", "accept", "required", "spellcheck", "autocapitalize",
    },
}  # fmt: skip
_PHRASING: Final = frozenset({"a", "button", "span", "label", "input", "textarea"})
#: What may stand directly in an element; elements that are not here take anything.
_INSIDE: Final = {
    "html": {"head", "body"}, "head": {"meta", "title", "link"}, "ul": {"li"}, "ol": {"li"}, "dl": {"div", "dt", "dd"},
    **dict.fromkeys(("p", "h1", "h2", "span", "summary", "dt", "a", "button", "label"), _PHRASING),
    "legend": _PHRASING | {"h1"}, "title": set(), "textarea": set(),
}  # fmt: skip
#: What may not stand anywhere inside an element.
_NEVER_INSIDE: Final = {
    "form": {"form"}, "label": {"label", "a", "button"}, "a": {"a", "button", "input", "textarea", "label"},
    "button": {"a", "button", "input", "textarea", "label"},
}  # fmt: skip
_KNOWN: Final = _VOID | {
    "html", "head", "title", "body", "header", "nav", "main", "footer", "div", "p", "span", "a", "ul", "ol", "li", "dl", "dt", "dd", "h1",
    "h2", "section", "form", "fieldset", "legend", "label", "textarea", "button", "details", "summary",
}  # fmt: skip


class _Strict(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.tags: list[str] = []
        self.open: list[str] = []
        self.ids: list[str] = []
        self.referred: set[str] = set()
        self.doctype = False

    def handle_decl(self, decl: str) -> None:
        self.doctype = decl.lower() == "doctype html" and not self.tags

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        where = f"<{tag}> in {' '.join(self.open[-3:])}"
        if tag not in _KNOWN:
            self.faults.append(f"{where}: unknown")
        if self.open and tag not in _INSIDE.get(self.open[-1], {tag}):
            self.faults.append(f"{where}: may not stand there")
        self.faults += [f"{where}: inside {one}" for one in self.open if tag in _NEVER_INSIDE.get(one, ())]
        names = [name for name, _ in attrs]
        self.faults += [f"{where}: twice {name}" for name in names if names.count(name) > 1]
        allowed = _ATTRIBUTES[""] | _ATTRIBUTES.get(tag, set())
        self.faults += [f"{where}: attribute {name}" for name in names if name not in allowed]
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            if not given["id"] or " " in given["id"]:
                self.faults.append(f"{where}: id {given['id']!r}")
            self.ids.append(given["id"])
        for name in ("for", "aria-describedby", "aria-labelledby"):
            self.referred |= set(given.get(name, "").split())
        if given.get("href", "").startswith("#"):
            self.referred.add(given["href"][1:])
        self.tags.append(tag)
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1:]}")
        elif tag != "p" or self.open:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and self.open and self.open[-1] in ("html", "head", "ul", "ol", "dl"):
            self.faults.append(f"text in {self.open[-1]}: {data.strip()[:40]!r}")


def read(html: str) -> tuple[list[str], list[str]]:
    """Give the faults of a page, and its elements in order."""
    reader = _Strict()
    reader.feed(html)
    reader.close()
    faults = list(reader.faults)
    if not reader.doctype:
        faults.append("no doctype")
    if reader.open:
        faults.append(f"left open: {reader.open}")
    faults += [f"id twice: {one}" for one in sorted({one for one in reader.ids if reader.ids.count(one) > 1})]
    faults += [f"refers to what is not there: {one}" for one in sorted(reader.referred - set(reader.ids))]
    return faults, reader.tags
