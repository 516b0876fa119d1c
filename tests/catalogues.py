"""Keeps the translations true to the code and the flows: ``python -m tests.catalogues extract | check``.

``extract`` writes the catalogues anew from the sources, keeping what is translated and dropping what nobody says any more;
run twice it changes nothing. ``check`` names everything a translator or an author still has to do.
"""

from __future__ import annotations

import argparse
import ast
import io
import os
import re
import shutil
import string
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
#: (language, domain) of every catalogue. English messages and Polish flows are the sources themselves.
CATALOGUES = (("pl", "messages"), ("uk", "messages"), ("en", "flows"), ("uk", "flows"))
KEYWORDS: Mapping[str, tuple[int, ...] | None] = {"t": None, "N_": None, "plural": (1, 2)}
#: Calls that take a msgid, which must be marked with ``N_`` there or it is never translated.
TAKES_MSGID = frozenset({"KonwentError", "Refused", "NotFound", "Invalid", "Misconfigured", "problem"})
PLURAL_FORMS = {
    "pl": "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
    "uk": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
    "en": "nplurals=2; plural=(n != 1);",
}
#: Who translated and when is for git to tell; the headers that say it would only go stale.
IGNORED_TAGS = frozenset(
    {
        "no-date-header-field",
        "no-version-in-project-id-version",
        "no-report-msgid-bugs-to-header-field",
        "no-last-translator-header-field",
    }
    | {"no-language-team-header-field"}
)
#: Up to this many words a translation may well be the same ("KIS", "PDF", "e-mail").
SAME_WORDS = 3

Texts = tuple[str, ...]


@dataclass(frozen=True, order=True)
class Entry:
    """One thing to translate: its place in a flow (or nothing), the source (with its plural), the file that says it."""

    context: str
    source: Texts
    file: str

    @property
    def key(self) -> tuple[str, str]:
        """What the entry is known by in a catalogue."""
        return self.context, self.source[0]


Translated = dict[tuple[str, str], Texts]


def messages(root: Path = ROOT) -> list[Entry]:
    """Give the sentences of the code, by file."""
    found: dict[tuple[str, str], Entry] = {}
    source = root / "src" / "konwent_bot"
    for name, _line, msgid, _comments, _context in extract_from_dir(source, [("**.py", "python")], keywords=dict(KEYWORDS)):
        entry = Entry(
            "", (msgid,) if isinstance(msgid, str) else tuple(str(part) for part in msgid or ()), f"src/konwent_bot/{name}"
        )
        known = found.setdefault(entry.key, entry)
        if len(entry.source) > len(known.source):  # a sentence that also has a plural is one entry, with it
            found[entry.key] = entry
    return sorted(found.values(), key=lambda entry: (entry.file, entry.source))


def flows(root: Path = ROOT) -> list[Entry]:
    """Give the texts of the shipped flows, in the order of the files."""
    from konwent_bot.dialogue import loading, texts

    return [
        Entry(text.context, (text.polish,), f"flows/{path.name}")
        for path in sorted((root / "flows").glob("*.toml"))
        for text in texts.every(loading.load(path))
    ]


SOURCES: Mapping[str, Callable[[Path], list[Entry]]] = {"messages": messages, "flows": flows}


def path_of(language: str, domain: str, root: Path = ROOT) -> Path:
    """Give the path of a catalogue."""
    return root / "locales" / language / "LC_MESSAGES" / f"{domain}.po"


def read(path: Path) -> tuple[Translated, list[str]]:
    """Give what a catalogue says (a missing one says nothing) and the sources it marks fuzzy."""
    if not path.exists():
        return {}, []
    with path.open("rb") as file:
        catalog = read_po(file, locale=path.parent.parent.name)
    translated: Translated = {}
    fuzzy = []
    for message in catalog:
        if not message.id:
            continue
        source = message.id if isinstance(message.id, str) else message.id[0]
        if message.fuzzy:
            fuzzy.append(source)
        translated[message.context or "", source] = (
            (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        )
    return translated, fuzzy


def write(path: Path, entries: list[Entry], translated: Translated) -> None:
    """Write a catalogue: every entry with its translation, or an empty one."""
    language, domain = path.parent.parent.name, path.stem
    catalog = Catalog(locale=language)
    for entry in entries:
        said = translated.get(entry.key, ())
        forms = catalog.num_plurals if len(entry.source) > 1 else 1
        said = said if len(said) == forms else ("",) * forms  # a sentence that gained or lost its plural is said anew
        message = catalog.add(
            entry.source if len(entry.source) > 1 else entry.source[0],
            said if len(entry.source) > 1 else said[0],
            locations=[(entry.file, 0)],
            context=entry.context or None,
        )
        message.flags.discard("python-format")  # per cent signs in our sentences are per cent signs
        if domain == "flows":
            message.flags.discard("python-brace-format")
    body = io.BytesIO()
    write_po(body, catalog, width=120, omit_header=True, include_lineno=False)
    header = (
        'msgid ""\nmsgstr ""\n"Project-Id-Version: konwent-bot\\n"\n'
        f'"Language: {language}\\n"\n"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
        f'"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: {PLURAL_FORMS[language]}\\n"\n\n'
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(header + body.getvalue().decode("utf-8").rstrip("\n") + "\n", "utf-8")


def extract(root: Path = ROOT) -> None:
    """Write every catalogue anew from the sources."""
    entries = {domain: source(root) for domain, source in SOURCES.items()}
    for language, domain in CATALOGUES:
        path = path_of(language, domain, root)
        write(path, entries[domain], read(path)[0])


def check(root: Path = ROOT, *, tools: bool = True, strict: bool = False) -> list[str]:
    """Give every problem, one line each. ``strict``: the tools of gettext must be there, not only may."""
    problems = [*unmarked(root / "src" / "konwent_bot")]
    entries = {domain: source(root) for domain, source in SOURCES.items()}
    for language, domain in CATALOGUES:
        path = path_of(language, domain, root)
        said, fuzzy = read(path)
        name = path.relative_to(root)
        problems += [f"{name}: fuzzy: {_short(source)}" for source in fuzzy]
        problems += [f"{name}: {problem}" for entry in entries[domain] for problem in _entry(entry, said.get(entry.key), domain)]
        wanted = {entry.key for entry in entries[domain]}
        problems += [f"{name}: said nowhere any more (make messages): {_short(key[1])}" for key in said if key not in wanted]
        if tools:
            problems += _tools(path, root, strict=strict)
    return problems


def _entry(entry: Entry, said: Texts | None, domain: str) -> Iterator[str]:
    if said is None:
        yield f"not in the catalogue (make messages): {_short(entry.source[0])}"
        return
    if not all(said) or (len(said) > 1) != (len(entry.source) > 1):
        yield f"not translated: {_short(entry.source[0])}"
        return
    if any(len(re.findall(r"[^\W\d_]+", text)) > SAME_WORDS and text in entry.source for text in said):
        yield f"the translation is the source: {_short(entry.source[0])}"
    try:
        sources = [places(text, domain) for text in entry.source]
    except ValueError as error:
        yield f"the source cannot be read ({error}): {_short(entry.source[0])}"
        return
    for text in said:
        try:
            named = places(text, domain)
        except ValueError as error:
            yield f"cannot be read ({error}): {_short(text)}"
            continue
        # A plural may leave out what one of the sources leaves out ("one card"), and nothing else.
        if not frozenset.intersection(*sources) <= named <= frozenset.union(*sources):
            yield f"places differ: {_short(entry.source[0])} -> {_short(text)}"


def places(text: str, domain: str) -> frozenset[str]:
    """Give the places of a text. Raises ``ValueError`` when they cannot be read."""
    if domain == "flows":
        from konwent_bot.dialogue import prompts

        return frozenset("|".join(filter(None, place)) for place in prompts.places(text))
    fields = [field for _, field, _, _ in string.Formatter().parse(text) if field is not None]
    if wrong := [field for field in fields if not field.isidentifier()]:
        raise ValueError(f"a place must be a plain name, not {{{wrong[0]}}}")
    return frozenset(fields)


def unmarked(source: Path) -> list[str]:
    """Give the sentences of errors that are not marked with ``N_`` and would stay English for ever."""
    return [
        f"{path.relative_to(source.parents[1])}:{node.lineno}: not marked with N_: {_short(str(sentence.value))}"
        for path in sorted(source.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and _called(node) in TAKES_MSGID and node.args
        for sentence in node.args[:1]
        if isinstance(sentence, ast.Constant) and re.search(r"[^\W\d_]", re.sub(r"\{\w+\}", "", str(sentence.value)))
    ]


def _called(node: ast.Call) -> str:
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _tools(path: Path, root: Path, *, strict: bool) -> list[str]:
    problems = []
    for command in (["msgfmt", "--check", "--output-file", os.devnull], ["i18nspector"]):
        if not (tool := shutil.which(command[0])):
            problems += [f"{command[0]} is not installed"] if strict else []
            continue
        ran = subprocess.run([tool, *command[1:], path], capture_output=True, text=True, timeout=120, check=False)
        lines = (ran.stdout + ran.stderr).replace(f"{root}/", "").splitlines()
        if command[0] == "i18nspector":
            lines = [line for line in lines if not IGNORED_TAGS & set(line.split())]
        else:
            lines = [line for line in lines if ": warning: header field" not in line]
        problems += [f"{command[0]}: {line}" for line in lines]
    return problems


def _short(text: str) -> str:
    line = " ".join(text.split())
    return f"“{line[:70]}...”" if len(line) > 70 else f"“{line}”"


def main() -> int:
    """Extract or check from the command line; 1 when something is left to do."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("act", choices=("extract", "check"))
    if parser.parse_args().act == "extract":
        extract()
        return 0
    problems = check(strict="CI" in os.environ)
    sys.stdout.write("".join(f"{problem}\n" for problem in problems) or "catalogues: complete\n")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
