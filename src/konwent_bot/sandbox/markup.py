"""Formatted text: Telegram's HTML parse mode, the entities it finds by itself, and entities back to safe HTML."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import lru_cache

from konwent_bot.sandbox import bounds
from konwent_bot.sandbox.keyboards import url_problem
from konwent_bot.sandbox.refusals import Refusal, bad_request
from konwent_bot.sandbox.shapes import Json, units

_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "u": "underline",
    "ins": "underline",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "a": "text_link",
    "pre": "pre",
    "code": "code",
    "blockquote": "blockquote",
}
_REMEMBERED = 2048  #: texts whose reading is remembered
_SPACE = " \t\r\n\v\0"
_ENTITY = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot)(?![a-zA-Z]));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_STOP = re.compile(r"[<&]")
_TAG_END = re.compile(r"[\s\0>]")
_NAME_TOKEN = re.compile(r"[A-Za-z0-9.\-]*")
_NAME_STOP = _SPACE + "=>/\"'"


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    offset: int
    begin: int


class _Scanner:
    """Reads one text in HTML parse mode, step for step as tdlib's ``parse_html`` does, so that refusals agree to the byte."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.out: list[str] = []
        self.offset = 0
        self.open: list[_Open] = []
        self.entities: list[Json] = []

    def fail(self, text: str) -> Refusal:
        return bad_request(f"can't parse entities: {text}")

    def at(self, position: int) -> int:
        """Give the byte offset of a character."""
        return len(self.source[:position].encode())

    def put(self, text: str) -> None:
        if text:
            self.out.append(text)
            self.offset += units(text)

    def char(self, position: int) -> str:
        return self.source[position] if position < len(self.source) else "\0"

    def run(self) -> tuple[str, list[Json]]:
        source, position = self.source, 0
        while found := _STOP.search(source, position):
            self.put(source[position : found.start()])
            position = found.start()
            if source[position] == "&":
                character, position = _decoded(source, position)
                self.put(character)
            elif self.char(position + 1) == "/":
                position = self.end_tag(position)
            else:
                position = self.start_tag(position)
        self.put(source[position:])
        if self.open:
            raise self.fail(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        text = "".join(self.out)
        for entity in self.entities:
            if entity["type"] == "code":
                entity.pop("language", None)
        self.entities.sort(key=lambda e: (e["offset"], -e["length"]))
        return text, self.entities

    def start_tag(self, begin: int) -> int:
        found = _TAG_END.search(self.source, begin + 1)
        if found is None:
            raise self.fail(f"Unclosed start tag at byte offset {self.at(begin)}")
        position = found.start()
        tag = self.source[begin + 1 : position].lower()
        if tag not in _TYPES:
            raise self.fail(f'Unsupported start tag "{tag}" at byte offset {self.at(begin)}')
        argument = ""
        while True:
            position = self.skip_space(position)
            if self.char(position) == ">":
                break
            name, value, position = self.attribute(tag, begin, position)
            match tag, name:
                case ("a", "href") | ("tg-emoji", "emoji-id"):
                    argument = value
                case ("code", "class") if value.startswith("language-"):
                    argument = value[9:]
                case ("span", "class") if value.startswith("tg-"):
                    argument = value[3:]
                case ("blockquote", "expandable"):
                    argument = "1"
        if tag == "span" and argument != "spoiler":
            raise self.fail(f'Tag "span" must have class "tg-spoiler" at byte offset {self.at(begin)}')
        self.open.append(_Open(tag, argument, self.offset, len(self.out)))
        return position + 1

    def skip_space(self, position: int) -> int:
        while position < len(self.source) and self.source[position] in _SPACE:
            position += 1
        return position

    def attribute(self, tag: str, begin: int, position: int) -> tuple[str, str, int]:
        """Read one attribute; gives its name, value and the position after it."""
        end = position
        while self.char(end) not in _NAME_STOP:
            end += 1
        name = self.source[position:end]
        if not name:
            raise self.fail(f'Empty attribute name in the tag "{tag}" at byte offset {self.at(begin)}')
        position = self.skip_space(end)
        if position >= len(self.source):
            raise self.fail(f'Unclosed start tag "{tag}" at byte offset {self.at(begin)}')
        if self.source[position] != "=":
            return name, "", position
        position = self.skip_space(position + 1)
        if position >= len(self.source):
            raise self.fail(f'Unclosed start tag "{tag}" at byte offset {self.at(begin)}')
        quote = self.source[position]
        if quote not in "'\"":
            token = _NAME_TOKEN.match(self.source, position)
            value, end = (token.group(), token.end()) if token else ("", position)
            if self.char(end) not in _SPACE and self.char(end) != ">":
                raise self.fail(f"Unexpected end of name token at byte offset {self.at(position)}")
            value, position = value.lower(), end
        else:
            value, position = self.quoted(quote, position + 1)
        if position >= len(self.source):
            raise self.fail(f"Unclosed start tag at byte offset {self.at(begin)}")
        return name, value, position

    def quoted(self, quote: str, position: int) -> tuple[str, int]:
        parts: list[str] = []
        while position < len(self.source) and self.source[position] != quote:
            if self.source[position] == "&":
                character, position = _decoded(self.source, position)
                parts.append(character)
            else:
                parts.append(self.source[position])
                position += 1
        return "".join(parts), position + 1

    def end_tag(self, begin: int) -> int:
        if not self.open:
            raise self.fail(f"Unexpected end tag at byte offset {self.at(begin)}")
        found = _TAG_END.search(self.source, begin + 2)
        position = found.start() if found else len(self.source)
        name = self.source[begin + 2 : position].lower()
        position = self.skip_space(position)
        if self.char(position) != ">":
            raise self.fail(f"Unclosed end tag at byte offset {self.at(begin)}")
        last = self.open.pop()
        if name and name != last.tag:
            raise self.fail(f'Unmatched end tag at byte offset {self.at(begin)}, expected "</{last.tag}>", found "</{name}>"')
        if self.offset > last.offset:
            self.close(last)
        return position + 1

    def close(self, last: _Open) -> None:
        entity: Json = {"type": _TYPES[last.tag], "offset": last.offset, "length": self.offset - last.offset}
        previous = self.entities[-1] if self.entities else None
        same = previous is not None and (previous["offset"], previous["length"]) == (entity["offset"], entity["length"])
        match last.tag:
            case "a":
                url = last.argument or "".join(self.out[last.begin :])
                if url_problem(url):
                    return  # the server keeps the words and drops the link
                entity["url"] = url
            case "tg-emoji":
                if not last.argument.isdigit() or int(last.argument) == 0:
                    raise self.fail("Invalid custom emoji identifier specified")
                entity["custom_emoji_id"] = last.argument
            case "code" if same and previous is not None and previous["type"] == "pre" and last.argument:
                previous["language"] = last.argument
                return
            case "code" if last.argument:
                entity["language"] = last.argument
            case "pre" if same and previous is not None and previous["type"] == "code" and "language" in previous:
                previous["type"] = "pre"
                return
            case "blockquote" if last.argument:
                entity["type"] = "expandable_blockquote"
        self.entities.append(entity)


def _decoded(source: str, position: int) -> tuple[str, int]:
    """Decode an HTML entity at an ampersand; what is no entity stays an ampersand."""
    found = _ENTITY.match(source, position)
    if found is None:
        return "&", position + 1
    sixteen, ten, name = found.groups()
    if name:
        return _NAMED[name], found.end()
    code = int(sixteen, 16) if sixteen else int(ten)
    if code == 0 or code >= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return "&", position + 1
    return chr(code), found.end()


_FOUND = re.compile(
    r"(?P<url>https?://[^\s<>\"]*[^\s<>\".,:;!?()\[\]{}'])"
    r"|(?P<email>[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,})"
    r"|(?<![\w@/])(?P<mention>@[A-Za-z][A-Za-z0-9_]{3,31})\b"
    r"|(?<![\w/<>])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)(?![\w/@])"
)
_MAYBE = re.compile(r"[/@]")


def found_entities(text: str, taken: list[Json]) -> list[Json]:
    """Find links, addresses, mentions and commands in a text, as the server does, where no code or link stands already."""
    if not _MAYBE.search(text):
        return []
    busy = [(e["offset"], e["offset"] + e["length"]) for e in taken if e["type"] in ("code", "pre", "text_link")]
    found: list[Json] = []
    for match in _FOUND.finditer(text):
        offset, length = units(text[: match.start()]), units(match.group())
        if all(offset + length <= start or offset >= end for start, end in busy):
            found.append({"type": match.lastgroup, "offset": offset, "length": length})
    return found


def formatted(text: str, parse_mode: str, entities: list[Json] | None) -> tuple[str, list[Json]]:
    """Give a text as people will see it and its entities. Refuses broken markup; trims blank ends as the server does."""
    given: list[Json] = []
    match parse_mode.lower():
        case "":
            given = [e for e in entities or [] if isinstance(e, dict) and _sound(e, units(text))]
        case "html":
            if "<" in text or "&" in text:
                text, given = _read_html(text)
        case "markdown" | "markdownv2":
            raise bad_request("the sandbox does not read Markdown, use parse_mode HTML")
        case _:
            raise bad_request("unsupported parse_mode")
    text, given = _trimmed(text, given)
    given = sorted(given + found_entities(text, given), key=lambda e: (e["offset"], -e["length"]))
    return text, given[: bounds.ENTITIES]


@lru_cache(_REMEMBERED)
def _read_html(text: str) -> tuple[str, list[Json]]:
    """Read HTML once: a bot says the same words to many people. Nobody changes what is given here."""
    return _Scanner(text).run()


def _sound(entity: Json, length: int) -> bool:
    offset, size = entity.get("offset"), entity.get("length")
    return (
        isinstance(entity.get("type"), str)
        and isinstance(offset, int)
        and isinstance(size, int)
        and offset >= 0
        and size > 0
        and offset + size <= length
    )


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    text = text.replace("\r\n", "\n").replace("\r", "")
    stripped = text.strip(" \n\t\v\0")
    if len(stripped) == len(text):
        return text, entities
    shift = units(text[: text.find(stripped)]) if stripped else 0
    end = units(stripped)
    kept: list[Json] = []
    for entity in entities:
        start = max(0, entity["offset"] - shift)
        length = min(end, entity["offset"] + entity["length"] - shift) - start
        if length > 0:
            kept.append(entity | {"offset": start, "length": length})
    return stripped, kept


_HTML = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}


def safe_html(text: str, entities: list[Json]) -> str:
    """Write a text as HTML for a page: every letter escaped, only our own tags, links only to http, https and mail. Line ends stay."""
    if not entities:
        return html.escape(text)
    encoded = text.encode("utf-16-le")
    length = len(encoded) // 2
    opening: dict[int, list[Json]] = {}
    cuts = {0, length}
    for entity in entities:
        start, end = entity["offset"], min(length, entity["offset"] + entity["length"])
        if end > start and _tags(entity, "")[0]:
            opening.setdefault(start, []).append(entity | {"end": end})
            cuts |= {start, end}
    out: list[str] = []
    stack: list[Json] = []
    points = sorted(cuts)
    for here, there in zip(points, [*points[1:], length], strict=True):
        reopen: list[Json] = []
        while stack and any(e["end"] <= here for e in stack):  # badly nested entities are closed and opened again
            top = stack.pop()
            out.append(_tags(top, "")[1])
            if top["end"] > here:
                reopen.append(top)
        for entity in [*reversed(reopen), *sorted(opening.get(here, []), key=lambda e: -int(e["end"]))]:
            words = encoded[entity["offset"] * 2 : entity["end"] * 2].decode("utf-16-le", "replace")
            out.append(_tags(entity, words)[0])
            stack.append(entity)
        out.append(html.escape(encoded[here * 2 : there * 2].decode("utf-16-le", "replace")))
    return "".join(out)


def _tags(entity: Json, words: str) -> tuple[str, str]:
    match entity:
        case {"type": "text_link", "url": str() as url} if url.startswith(("http://", "https://")):
            return f'<a href="{html.escape(url)}" rel="noopener noreferrer">', "</a>"
        case {"type": "url"}:
            return f'<a href="{html.escape(words)}" rel="noopener noreferrer">', "</a>"
        case {"type": "email"}:
            return f'<a href="mailto:{html.escape(words)}">', "</a>"
        case {"type": "spoiler"}:
            return '<span class="spoiler">', "</span>"
        case {"type": "expandable_blockquote"}:
            return "<blockquote expandable>", "</blockquote>"
        case {"type": str() as kind} if kind in _HTML:
            return f"<{_HTML[kind]}>", f"</{_HTML[kind]}>"
        case _:
            return "", ""
