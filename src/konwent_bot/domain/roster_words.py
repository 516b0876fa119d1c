"""The words of a roster: headings, roles and types as people write them, and what a cell may hold.

Case, Polish marks, hyphens and double spaces never matter. Roles of domain.md 1.3 and 2.1: the two representatives of an
institution (head and designated person, KSR White Book §1.3.7), substitutes, and the posts of the body.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from fractions import Fraction
from functools import lru_cache
from typing import Final, Literal, get_args

StakeholderType = Literal["A", "B", "C"]
SeatRole = Literal["head", "delegate", "substitute"]
PostKind = Literal["chair", "vice_chair", "coordinator", "case_manager", "minute_taker"]
Role = Literal["head", "delegate", "substitute", "chair", "vice_chair", "coordinator", "case_manager", "minute_taker"]
Field = Literal[
    "institution", "short_name", "type", "sector", "place", "role", "title", "email", "name", "first_name", "last_name"
]

SEAT_ROLES: Final[tuple[SeatRole, ...]] = get_args(SeatRole)
POST_KINDS: Final[tuple[PostKind, ...]] = get_args(PostKind)

#: What a heading may be called; compared letters and digits only ("E-mail:" is "email").
_HEADINGS: Mapping[Field, str] = {
    "institution": "Nazwa instytucji, Instytucja, Nazwa, Nazwa podmiotu, Podmiot, Organizacja, Nazwa organizacji, "
    "Instytucja/organizacja, Institution, Institution name, Name of institution, Organisation, Organization",
    "short_name": "Skrót, Skrót nazwy, Nazwa skrócona, Skrócona nazwa, Short name, Abbreviation, Short",
    "type": "Typ, Typ interesariusza, Typ instytucji, Interesariusz, Type, Stakeholder type, Institution type",
    "sector": "Sektor, Branża, Obszar, Sector",
    "place": "Miejscowość, Miasto, Gmina, Siedziba, Place, Town, City, Locality",
    "role": "Rola, Rola w konwencie, Rola w sieci, Funkcja, Role",
    "title": "Stanowisko, Stanowisko służbowe, Position, Title, Job title",
    "email": "E-mail, Email, Adres e-mail, Adres email, Adres poczty elektronicznej, Poczta elektroniczna, Mail, Adres mailowy, "
    "E-mail address, Mail address",
    "name": "Imię i nazwisko, Nazwisko i imię, Osoba, Imię nazwisko, Name, Full name, First and last name, Person",
    "first_name": "Imię, First name, Given name",
    "last_name": "Nazwisko, Last name, Surname, Family name",
}

#: What a role may be called. Women and men alike; English too.
_ROLES: Mapping[Role, str] = {
    "head": "zwierzchnik, zwierzchniczka, head, head of institution, head of the institution",
    "delegate": "osoba wskazana, wskazana osoba, osoba delegowana, osoba oddelegowana, delegat, delegatka, ambasador, ambasadorka, "
    "ambasador instytucji, ambasadorka instytucji, delegate, designated person, designated expert, ambassador",
    "substitute": "zastępca, zastępczyni, zastępca członka, substitute, deputy",
    "chair": "przewodniczący, przewodnicząca, przewodniczący/a, chair, chairperson, chairman, chairwoman",
    "vice_chair": "wiceprzewodniczący, wiceprzewodnicząca, wiceprzewodniczący/a, zastępca przewodniczącego, zastępczyni przewodniczącego, "
    "zastępca przewodniczącej, zastępczyni przewodniczącej, vice-chair, vice chair, vicechair, deputy chair",
    "coordinator": "koordynator, koordynatorka, koordynator KIS, koordynatorka KIS, coordinator, KIS coordinator",
    "case_manager": "case manager, case menedżer, case managerka, koordynator reintegracji, koordynatorka reintegracji, "
    "reintegration coordinator",
    "minute_taker": "protokolant, protokolantka, minute-taker, minute taker, minutes taker",
}

#: Letters that do not fall apart into a base letter and a mark, and signs programs put in place of plain ones.
_PLAIN = str.maketrans(
    dict(zip("ąćęłńóśźżøđ", "acelnoszzod", strict=True))
    | dict.fromkeys("„”“«»″", '"')
    | dict.fromkeys("‘’‚′ʼ", "'")
    | dict.fromkeys("‐‑‒–—―−", "-")
)
#: Cyrillic letters that look like A, B, C: what a Ukrainian keyboard writes.
_LOOKALIKES = str.maketrans("авс", "abc")
_WORDS_BEFORE_TYPE = re.compile(r"^(?:interesariusz(?:e|a|y)? )?(?:typu?|type) ")

_FORMULA_STARTS: Final = "=+-@\t\r＝＋－＠﹦﹢﹣﹫"
_DASHES: Final = "-‐‑‒–—―−"
_PHONE = re.compile(r"[+＋][0-9][0-9 ()./-]{5,24}")
_ADDRESS = re.compile(r"""[^\s@<>()\[\],;:"\\]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,63}""")
_MAX_ADDRESS: Final = 254  # RFC 5321 §4.5.3.1.3, without the angle brackets


def fold(text: str) -> str:
    """Give the form under which names are compared: no case, no marks, plain quotes and dashes, single spaces."""
    low = text.casefold()
    if not low.isascii():
        low = low.translate(_PLAIN)
        if not low.isascii():
            low = "".join(sign for sign in unicodedata.normalize("NFKD", low) if not unicodedata.combining(sign))
    return " ".join(low.split())


def _squeezed(text: str) -> str:
    """Letters and digits only, folded: how headings are compared."""
    return "".join(filter(str.isalnum, fold(text)))


def _spaced(text: str) -> str:
    """Folded words with single spaces, hyphens and slashes counted as spaces: how roles are compared."""
    return " ".join(re.split(r"[\s\-_/.]+", fold(text).strip(" .:()\"'")))


_FIELD_OF: Final[Mapping[str, Field]] = {_squeezed(word): name for name, words in _HEADINGS.items() for word in words.split(", ")}
_ROLE_OF: Final[Mapping[str, Role]] = {_spaced(word): role for role, words in _ROLES.items() for word in words.split(", ")}
_ROLE_WORDS: Final = {_spaced(word): word for words in _ROLES.values() for word in words.split(", ")}


def field_of(heading: str) -> Field | None:
    """Give the field a heading means, or None for a heading the roster does not know."""
    return _FIELD_OF.get(_squeezed(heading))


#: What part of its letters a mistyped word has in common with the one that was meant, at least.
_LIKE = Fraction(3, 4)


@lru_cache(maxsize=256)
def role_of(word: str) -> Role | None:
    """Give the role a word means, or None."""
    return _ROLE_OF.get(_spaced(word))


@lru_cache(maxsize=256)
def role_like(word: str) -> str | None:
    """Give the role word most like a mistyped one, as it should be written; None when nothing is near."""
    said = _spaced(word)[:60]
    likeness, near = max((_likeness(known, said), known) for known in _ROLE_WORDS)
    return _ROLE_WORDS[near] if likeness >= _LIKE else None


def _likeness(known: str, said: str) -> Fraction:
    """Give the part of the letters of two words that they have in common, in this order."""
    common = sum(block.size for block in SequenceMatcher(None, known, said).get_matching_blocks())
    return Fraction(2 * common, len(known) + len(said))


@lru_cache(maxsize=256)
def type_of(word: str) -> StakeholderType | None:
    """Give the stakeholder type of "A", "typ b", "Interesariusz typu C", also typed on a Ukrainian keyboard; None for others."""
    match _WORDS_BEFORE_TYPE.sub("", _spaced(word)).translate(_LOOKALIKES):
        case "a":
            return "A"
        case "b":
            return "B"
        case "c":
            return "C"
        case _:
            return None


def plain(cell: str) -> str | None:
    """Give what a cell says: one line, single spaces, no invisible signs; "-" alone is empty. None when it looks like a formula.

    A program that opens our exports would run a cell that begins with one of these signs (OWASP, "CSV Injection"). A telephone
    number is harmless; an apostrophe in front is how spreadsheets themselves mark such a cell as text, and is taken off.
    """
    if cell[:1].isalnum():
        return cell if cell.isprintable() and "  " not in cell and cell[-1] != " " else _one_line(cell)
    bare = cell.lstrip(" \xa0\ufeff\u200b")
    if not bare.strip():
        return ""
    if bare[0] == "'" and bare[1:].lstrip()[:1] and bare[1:].lstrip()[0] in _FORMULA_STARTS:
        return _one_line(bare[1:])
    if bare[0] in _FORMULA_STARTS or bare[0] in _DASHES:
        line = _one_line(bare)
        if not line.strip(_DASHES + " "):
            return ""
        return line if _PHONE.fullmatch(line) else None
    return _one_line(bare)


def _one_line(cell: str) -> str:
    if not cell.isprintable():
        cell = "".join(sign if sign.isprintable() else " " if sign.isspace() else "" for sign in cell)
    return " ".join(cell.split())


def address(cell: str) -> str | None:
    """Give the e-mail address of a cell ("mailto:" taken off), or None when it is not exactly one address."""
    if cell[:7].lower() == "mailto:":
        cell = cell[7:]
    return cell if len(cell) <= _MAX_ADDRESS and _ADDRESS.fullmatch(cell) and ".." not in cell and cell[0] != "." else None


def is_kis(names: Iterable[str]) -> bool:
    """Tell whether one of the folded names is that of a KIS (Klub Integracji Społecznej), the leader of a local network."""
    return any(
        "klub integracji spolecznej" in name or "klubu integracji spolecznej" in name or _KIS.search(name) for name in names
    )


_KIS = re.compile(r"\bkis\b")
