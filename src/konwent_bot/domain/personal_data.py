"""What looks like personal data in free text, found before the text is stored (conversation rule 13).

Members write about supported people in front of other institutions, so a text is looked through for what identifies a person
beyond doubt: a PESEL, a telephone number, an e-mail address. The search is made for honest slips on a telephone keyboard
(spaces, full-width digits, invisible characters from a copied document), not against a person set on hiding a number. Names
and addresses it cannot see: the privacy reminder above each field is for those.

Everything here takes time linear in the length of the text. Nothing keeps, logs or repeats what was found: a ``Finding`` is
a kind and a place, the sentences have no places to fill.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Literal, TypeAlias

from stdnum.pl import pesel, regon

from konwent_bot.errors import N_, Invalid

Kind: TypeAlias = Literal["pesel", "phone", "email"]
#: ``strict`` where supported people are talked about (cards, status reports, minutes); ``organisational`` for place and contact.
Policy: TypeAlias = Literal["strict", "organisational"]

#: What each policy refuses. What it does not refuse it lets through after a warning (conversation rule 13).
_REFUSED: Mapping[Policy, frozenset[Kind]] = MappingProxyType(
    {"strict": frozenset({"pesel", "phone", "email"}), "organisational": frozenset({"pesel"})}
)
_REFUSALS: Mapping[Kind, str] = MappingProxyType(
    {
        "pesel": N_(
            "This looks like a PESEL number, so nothing has been saved. "
            "Please write it again without details that point to a person. If it is another number, please leave it out."
        ),
        "phone": N_(
            "This looks like a telephone number, so nothing has been saved. "
            "Please write it again without details that point to a person. If it is another number, please leave it out."
        ),
        "email": N_(
            "This looks like an e-mail address, so nothing has been saved. "
            "Please write it again without details that point to a person."
        ),
    }
)
_WARNINGS: Mapping[Kind, str] = MappingProxyType(
    {
        "phone": N_(
            "There seems to be a telephone number here. Everyone who reads this text will see it. "
            "Please leave it only if it is a work number."
        ),
        "email": N_(
            "There seems to be an e-mail address here. Everyone who reads this text will see it. "
            "Please leave it only if it is a work address."
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A place that looks like personal data: ``normalised(text)[start:end]``. It never carries the text itself."""

    kind: Kind
    start: int
    end: int


def find(text: str) -> tuple[Finding, ...]:
    """Find what looks like personal data, in the order of the text, without overlaps (PESEL before e-mail before telephone).

    The positions are those of ``normalised(text)``, which may be shorter or longer than ``text``.
    """
    plain = normalised(text)
    groups = tuple((match.start(), match.end()) for match in _DIGITS.finditer(plain))
    found = [Finding("pesel", *span) for span in _pesels(plain, groups)]
    found = _merged(found, (Finding("email", *span) for span in _emails(plain)))
    found = _merged(found, (Finding("phone", *span) for span in _phones(plain, groups)))
    return tuple(found)


def check(text: str, policy: Policy) -> Finding | None:
    """Give the first finding the policy refuses, a PESEL before anything else; None when the text may be stored."""
    return _first(find(text), _REFUSED[policy])


def caution(text: str, policy: Policy) -> Finding | None:
    """Give the first finding the policy lets through after a warning; None when there is nothing to warn of."""
    return _first(find(text), frozenset(_REFUSALS) - _REFUSED[policy])


def admit(text: str, policy: Policy) -> Finding | None:
    """Let a text through or raise; for whoever does not build its own problem from ``check``.

    Raises ``Invalid`` with the sentence of ``refusal`` when the policy refuses something; otherwise as ``caution``.
    """
    if found := check(text, policy):
        raise Invalid(refusal(found.kind))
    return caution(text, policy)


def refusal(kind: Kind) -> str:
    """Give the sentence (msgid, no places) that refuses a kind: what it looks like, that nothing was saved, the way out."""
    return _REFUSALS[kind]


def warning(kind: Literal["phone", "email"]) -> str:
    """Give the sentence (msgid, no places) that warns of a kind allowed in organisational fields."""
    return _WARNINGS[kind]


def normalised(text: str) -> str:
    """Write a text as the search reads it: NFKC, ASCII digits, plain spaces and hyphens, no marks or invisible characters.

    Marks go first: NFKC sorts a run of marks in quadratic time, and a text may be one such run.
    """
    if text.isascii():
        return text.replace("\t", " ")
    composed = unicodedata.normalize("NFKC", "".join(c for c in text if unicodedata.category(c) not in _INVISIBLE))
    return "".join(map(_plain, composed))


#: Format characters (zero-width space and joiners, soft hyphen, direction marks) and marks (keycaps, variation selectors).
_INVISIBLE = frozenset({"Cf", "Mn", "Me"})


def _plain(character: str) -> str:
    if character.isascii():
        return " " if character == "\t" else character
    match unicodedata.category(character):
        case "Nd":
            return str(unicodedata.decimal(character))
        case "Zs":
            return " "
        case "Pd":
            return "-"
        case category if category in _INVISIBLE:
            return ""
        case _:
            return "-" if character == "\N{MINUS SIGN}" else character


def _first(findings: Sequence[Finding], kinds: frozenset[Kind]) -> Finding | None:
    asked = [finding for finding in findings if finding.kind in kinds]
    return next((finding for finding in asked if finding.kind == "pesel"), asked[0] if asked else None)


def _merged(kept: list[Finding], more: Iterator[Finding]) -> list[Finding]:
    """Put in the findings that touch none of those already kept. Both are in order; so is the result."""
    result: list[Finding] = []
    position = 0
    for finding in more:
        while position < len(kept) and kept[position].end <= finding.start:
            result.append(kept[position])
            position += 1
        if position == len(kept) or kept[position].start >= finding.end:
            result.append(finding)
    return result + kept[position:]


# --- Groups of digits. A number is a run of whole groups: an account is never searched for a PESEL inside it.

#: Where a group of digits begins and ends.
_Span: TypeAlias = tuple[int, int]
_DIGITS = re.compile(r"[0-9]+")
_PESEL_GAP = re.compile(r" {0,2}-? {0,2}")
_PHONE_GAP = re.compile(r"\)?[ ]{0,2}[-./]?[ ]{0,2}\(?")
#: Gaps longer than this never join digits into one number; also what keeps the look at a gap cheap.
_MAX_GAP = 4
_PESEL_DIGITS, _REGON_DIGITS, _ACCOUNT_DIGITS = 11, 14, 26


def _size(group: _Span) -> int:
    return group[1] - group[0]


def _joined(plain: str, left: _Span, right: _Span, gap: re.Pattern[str]) -> bool:
    return right[0] - left[1] <= _MAX_GAP and gap.fullmatch(plain, left[1], right[0]) is not None


def _digits(plain: str, groups: Sequence[_Span]) -> str:
    return "".join(plain[start:end] for start, end in groups)


# --- PESEL


def _pesels(plain: str, groups: Sequence[_Span]) -> Iterator[_Span]:
    """Walk a window of whole groups that holds at most 11 digits; each group enters and leaves it once."""
    first, held = 0, 0
    for last, group in enumerate(groups):
        if last and not _joined(plain, groups[last - 1], group, _PESEL_GAP):
            first, held = last, 0
        held += _size(group)
        while held > _PESEL_DIGITS:
            held -= _size(groups[first])
            first += 1
        if held == _PESEL_DIGITS and _is_pesel(plain, groups, first, last):
            yield groups[first][0], group[1]
            first, held = last + 1, 0


def _is_pesel(plain: str, groups: Sequence[_Span], first: int, last: int) -> bool:
    """Tell whether 11 digits are a PESEL of somebody living: check digit, date, a century from 1900 to 2099.

    The other centuries (months 41-72 and 81-92) belong to nobody who could be meant, and would double the false alarms.
    """
    number = _digits(plain, groups[first : last + 1])
    if int(number[2:4]) not in _MONTHS or not pesel.is_valid(number):
        return False
    if number.startswith("48") and _international(plain, groups, first):
        return False
    return first == last or not _in_longer_number(plain, groups, first, last)


#: PESEL months: 1-12 for the years 1900-1999, 21-32 for 2000-2099.
_MONTHS = frozenset({*range(1, 13), *range(21, 33)})


def _international(plain: str, groups: Sequence[_Span], first: int) -> bool:
    """Tell whether "+" or "00" stands before a group."""
    before = plain[max(0, groups[first][0] - _MAX_GAP) : groups[first][0]].rstrip(" (-")
    return before.endswith("+") or (first > 0 and _size(groups[first - 1]) == len("00") and before.endswith("00"))


def _in_longer_number(plain: str, groups: Sequence[_Span], first: int, last: int) -> bool:
    """Tell whether these groups are part of a valid bank account (26 digits) or REGON (14) written in groups.

    Looks at most 26 digits to either side, so the cost is bounded. Digits written one by one make no such number:
    otherwise a PESEL followed by a few stray digits could hide in a REGON by chance.
    """
    start = first
    while True:
        end = last
        total = sum(map(_size, groups[start : end + 1]))
        while total <= _ACCOUNT_DIGITS:
            if total in (_REGON_DIGITS, _ACCOUNT_DIGITS) and _is_longer_number(plain, groups[start : end + 1]):
                return True
            end += 1
            if end == len(groups) or not _joined(plain, groups[end - 1], groups[end], _PESEL_GAP):
                break
            total += _size(groups[end])
        start -= 1
        if start < 0 or not _joined(plain, groups[start], groups[start + 1], _PESEL_GAP):
            return False
        if sum(map(_size, groups[start : last + 1])) > _ACCOUNT_DIGITS:
            return False


def _is_longer_number(plain: str, groups: Sequence[_Span]) -> bool:
    if min(map(_size, groups)) == 1:
        return False
    number = _digits(plain, groups)
    if len(number) == _REGON_DIGITS:
        return bool(regon.is_valid(number))
    # ISO 13616: the country "PL" is 2521 in digits, moved to the end together with the check digits.
    return int(number[2:] + "2521" + number[:2]) % 97 == 1


# --- Telephone numbers

#: How people group the nine digits of a Polish number. One digit after another is more often a row of marks or counts.
_GROUPINGS = frozenset({(9,), (3, 3, 3), (2, 3, 2, 2), (2, 7), (3, 2, 2, 2), (3, 6)})
#: The first two digits of Polish mobile numbers and of landline areas (numbering plan of the regulator, UKE). Numbers that
#: begin otherwise (helplines 800, premium 70x) are nobody's own.
_BEGINNING = re.compile("1[2-8]|2[2-59]|3[2-4]|4[1-8]|5[0-9]|6[0-35-9]|7[1-9]|8[1-9]|9[145]")
_POLISH_DIGITS = 9
_FEWEST_ABROAD, _MOST_ABROAD = 9, 15  # digits after "+", country code included (ITU-T E.164 allows 15)
#: What makes nine digits an amount.
_UNIT = re.compile(r" ?(?:,[0-9]{2}|,-)? ?(?:zł|pln|eur|€|usd|\$|mln|tys|%)", re.IGNORECASE)
#: What makes them the number of something registered.
_LABEL = re.compile(
    r"\b(?:regon|nip|krs|rachun\w{2,4}|kont[oa]|faktur[aęy]|isbn|issn|ean)\W{0,3}(?:nr|numer)?\W{0,3}$", re.IGNORECASE
)
_LABEL_REACH = 24


def _phones(plain: str, groups: Sequence[_Span]) -> Iterator[_Span]:
    at = 0
    while at < len(groups):
        end = _phone_abroad(plain, groups, at) or _phone_here(plain, groups, at)
        if end:
            yield groups[at][0], groups[end - 1][1]
        at = end or at + 1


def _phone_abroad(plain: str, groups: Sequence[_Span], at: int) -> int | None:
    """Read "+48 ...", "0048 ...", "+380 ..." from a group on; give the index after its last group."""
    start, end = groups[at]
    dialled = plain[start : min(end, start + 4)]
    if not (_international(plain, groups, at) or dialled.startswith("00")):
        return None
    polish = dialled.removeprefix("00").startswith("48")
    if dialled.startswith("00") and not polish:
        return None  # a number with leading zeros (a register, a file), not a call abroad
    total = -2 if dialled.startswith("00") else 0
    longest: int | None = None
    for index in range(at, len(groups)):
        if index > at and not _joined(plain, groups[index - 1], groups[index], _PHONE_GAP):
            break
        total += _size(groups[index])
        if total > _MOST_ABROAD:
            break
        if total == _POLISH_DIGITS + 2 if polish else total >= _FEWEST_ABROAD:
            longest = index + 1
    return None if longest is None or _UNIT.match(plain, groups[longest - 1][1]) else longest


def _phone_here(plain: str, groups: Sequence[_Span], at: int) -> int | None:
    """Read nine digits in a usual grouping, the old trunk 0 before them allowed; give the index after the last group."""
    start, end = groups[at]
    if _size(groups[at]) == _POLISH_DIGITS + 2 and plain.startswith("48", start):
        return at + 1 if _BEGINNING.match(plain, start + 2) else None
    trunk = 1 if plain[start] == "0" and _size(groups[at]) > 1 else 0
    if not _BEGINNING.match(plain, start + trunk, end):
        return None
    sizes: tuple[int, ...] = (end - start - trunk,)
    while sum(sizes) < _POLISH_DIGITS and at + len(sizes) < len(groups):
        index = at + len(sizes)
        if not _joined(plain, groups[index - 1], groups[index], _PHONE_GAP):
            return None
        sizes += (_size(groups[index]),)
    if sizes not in _GROUPINGS:
        return None
    parts = groups[at : at + len(sizes)]
    return None if _is_something_else(plain, groups, at, parts, trunk) else at + len(sizes)


def _is_something_else(plain: str, groups: Sequence[_Span], at: int, parts: Sequence[_Span], trunk: int) -> bool:
    """Tell whether nine well-grouped digits are an amount, a registered number, part of a longer one, or unrelated numbers."""
    start, end = parts[0][0], parts[-1][1]
    if _UNIT.match(plain, end) or _LABEL.search(plain[max(0, start - _LABEL_REACH) : start]):
        return True
    gaps = [plain[left[1] : right[0]].strip() for left, right in pairwise(parts)]
    # One number is written with one separator; only the area code may stand apart: 81/872-00-00, (81) 872 00 00.
    uniform = gaps[1:] if _size(parts[0]) - trunk == 2 else gaps
    if len(set(uniform)) > 1 or "/" in uniform:
        return True
    return _in_longer_number(plain, groups, at, at + len(parts) - 1)


# --- E-mail addresses

#: "@", or the word or sign in brackets that people write instead of it.
_AT = re.compile(r" ?(?:@|[(\[{] ?(?:at|małpa|malpa|@) ?[)\]}]) ?", re.IGNORECASE)
_DOT = r"(?:\.| ?[(\[{] ?(?:dot|kropka|\.) ?[)\]}] ?)"
#: Labels of a domain and a top one of letters; every repeat is bounded, so that a failed try is cheap.
_DOMAIN = re.compile(rf"(?:[^\W_][\w-]{{0,62}}{_DOT}){{1,8}}[^\W\d_]{{2,24}}", re.IGNORECASE)
_MOST_LOCAL = 64  # RFC 5321 §4.5.3.1.1
_LOCAL_SIGNS = frozenset("!#$%&'*+-/=?^_`{|}~.")


def _emails(plain: str) -> Iterator[_Span]:
    behind = 0
    for at in _AT.finditer(plain):
        start = at.start()
        floor = max(behind, start - _MOST_LOCAL)
        while start > floor and (plain[start - 1].isalnum() or plain[start - 1] in _LOCAL_SIGNS):
            start -= 1
        if start < at.start() and (domain := _DOMAIN.match(plain, at.end())):
            yield start, domain.end()
            behind = domain.end()
