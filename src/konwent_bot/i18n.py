"""Sentences in a person's language: a thin gettext layer over Babel.

Two catalogue domains. ``messages`` comes from code: the msgid is the English sentence with ``{named}`` places. ``flows`` comes
from flow files: the source is Polish, the context names the place (``flow/question/field``). The ``.po`` files are read as
they are when a language is first used; there is nothing to build at set-up and nothing to forget. Fuzzy entries do not count.

What a person typed may stand in a place and is shown literally, braces and percent signs included: only the sentence is ever
formatted, never a fact. A translator does not escape: whoever renders knows the target (Telegram HTML, page, terminal).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Protocol, runtime_checkable
from zoneinfo import ZoneInfo

from konwent_bot import resources
from konwent_bot.errors import N_, Misconfigured

#: The languages of the house, with the names they give themselves; the first is the default.
LANGUAGES: Mapping[str, str] = {"pl": "polski", "en": "English", "uk": "українська"}
#: What is tried in turn for a sentence of the code; after the last one, the English msgid itself.
_CHAIN: Mapping[str, tuple[str, ...]] = {"pl": ("pl",), "en": (), "uk": ("uk", "pl")}
#: The same for a text of a flow; after the last one, the Polish source itself.
_FLOW_CHAIN: Mapping[str, tuple[str, ...]] = {"pl": (), "en": ("en",), "uk": ("uk",)}
#: How dates and numbers are written: European English, where a day comes before its month and hours run to 24.
_WRITTEN: Mapping[str, str] = {"pl": "pl", "en": "en_GB", "uk": "uk"}
#: Whole numbers below this stand without separators, so that a year stays a year.
_GROUP_FROM = 10_000

_TODAY, _TOMORROW, _YESTERDAY = N_("today"), N_("tomorrow"), N_("yesterday")

#: What may stand in a ``{place}``.
Fact = object


@runtime_checkable
class Sentence(Protocol):
    """Something that can be said: an English msgid and the facts for its places (every ``KonwentError`` is one)."""

    @property
    def msgid(self) -> str:
        """The English sentence with its places."""

    @property
    def facts(self) -> Mapping[str, Fact]:
        """What fills the places."""


def languages() -> tuple[str, ...]:
    """Give the codes of the languages of the house, the default first."""
    return tuple(LANGUAGES)


def own_name(language: str) -> str:
    """Give the name a language calls itself: what stands on the button that chooses it."""
    return LANGUAGES[language]


def nearest(code: str | None) -> str:
    """Give the language of the house nearest to a code such as Telegram's ``uk-UA``; the default when there is none."""
    short = (code or "").replace("_", "-").split("-", 1)[0].lower()
    return short if short in LANGUAGES else languages()[0]


class _Catalogue:
    """One ``.po`` file in memory: (context, msgid) -> text, msgid -> plural forms."""

    def __init__(self, path: Path) -> None:
        from babel.messages.pofile import PoFileError, read_po  # only who speaks pays for the parser

        try:
            with path.open("rb") as file:
                catalog = read_po(file, locale=path.parent.parent.name, abort_invalid=True)
            self.form = _plural_rule(catalog.plural_expr)
        except (OSError, ValueError, LookupError, PoFileError) as error:
            raise Misconfigured(
                N_("The translation file {path} cannot be read ({reason})."), path=path, reason=str(error) or type(error).__name__
            ) from error
        self.single: dict[tuple[str, str], str] = {}
        self.plural: dict[str, tuple[str, ...]] = {}
        for message in catalog:
            if not message.id or message.fuzzy:
                continue
            if isinstance(message.id, str):
                if isinstance(message.string, str) and message.string:
                    self.single[message.context or "", message.id] = message.string
            elif message.string and len(message.string) == catalog.num_plurals and all(message.string):
                self.plural[message.id[0]] = tuple(message.string)


def _plural_rule(expression: str) -> Callable[[int], int]:
    from gettext import c2py  # gettext's own reader of the Plural-Forms header

    rule: Callable[[int], int] = c2py(expression)
    return rule


class Translator:
    """Speaks one language. Immutable and shared; get one from ``translator(language)`` or ``Catalogues.translator``."""

    def __init__(self, language: str, zone: ZoneInfo, messages: tuple[_Catalogue, ...], flows: tuple[_Catalogue, ...]) -> None:
        self.language = language
        self.zone = zone
        self._messages = messages
        self._flows = flows
        self._single: dict[str, str] = {}
        for catalogue in reversed(messages):
            self._single |= {msgid: text for (context, msgid), text in catalogue.single.items() if not context}

    def __call__(self, msgid: str, /, **facts: Fact) -> str:
        """Say a sentence of the code. Facts are written as people of this language write them (see ``fact``)."""
        text = self._single.get(msgid, msgid)
        return text.format_map({name: self.fact(value) for name, value in facts.items()}) if facts else text

    def say(self, sentence: Sentence) -> str:
        """Say an error or any other (msgid, facts)."""
        return self(sentence.msgid, **sentence.facts)

    def plural(self, one: str, many: str, n: int, /, **facts: Fact) -> str:
        """Say a sentence that counts: ``plural("{n} card", "{n} cards", 5)``. The number stands in ``{n}``."""
        text = one if n == 1 else many
        for catalogue in self._messages:
            if forms := catalogue.plural.get(one):
                text = forms[catalogue.form(abs(n))]
                break
        return text.format_map({name: self.fact(value) for name, value in {**facts, "n": n}.items()})

    def flow(self, context: str, polish: str) -> str:
        """Say a text of a flow by its place (``karta/liczba/prompt``) and Polish source; Polish where not translated."""
        for catalogue in self._flows:
            if text := catalogue.single.get((context, polish)):
                return text
        return polish

    def fact(self, value: Fact) -> str:
        """Write a fact for people: days and instants in full, numbers with the language's comma, sentences said, lists joined."""
        match value:
            case str():
                return str(value)
            case bool() | None:
                return str(value)
            case int() | float() | Decimal():
                return self.number(value)
            case datetime():
                return self.instant(value)
            case date():
                return self.day(value)
            case time():
                return self.time(value)
            case list() | tuple():
                return ", ".join(self.fact(item) for item in value)
            case Sentence():
                return self.say(value)
            case _:
                return str(value)

    def day(self, day: date) -> str:
        """Write a local date in full: "wtorek, 13 stycznia 2026". An aware instant gives its day in the local zone."""
        return _date(self._local_day(day), "full", self.language)

    def short_day(self, day: date) -> str:
        """Write a local date for a button: "wt., 13 sty"."""
        return _date(self._local_day(day), "EEE, d MMM", self.language)

    def month_of_year(self, day: date) -> str:
        """Write the month of a day: "styczeń 2027"."""
        return _date(day, "LLLL yyyy", self.language)

    def day_and_year(self, day: date) -> str:
        """Write a local date without its day of the week: "9 lutego 2027"."""
        return _date(self._local_day(day), "long", self.language)

    def day_and_month(self, day: date) -> str:
        """Write a local date where its year is plain: "9 lutego"."""
        return _date(self._local_day(day), "d MMMM", self.language)

    def month(self, day: date) -> str:
        """Name the month of a local date: "luty"."""
        return _date(self._local_day(day), "LLLL", self.language)

    def time(self, moment: time | datetime) -> str:
        """Write an hour: "10:00". An aware instant is shown in the local zone."""
        return f"{self._local(moment) if isinstance(moment, datetime) else moment:%H:%M}"

    def instant(self, moment: datetime) -> str:
        """Write an instant in the local zone: "wtorek, 13 stycznia 2026, 10:00". A naive one is local wall time already."""
        local = self._local(moment)
        return f"{_date(local.date(), 'full', self.language)}, {local:%H:%M}"

    def number(self, value: int | float | Decimal) -> str:
        """Write a number: "3,5", "12 500" (with no-break spaces); whole numbers under 10,000 plainly."""
        if isinstance(value, int) and abs(value) < _GROUP_FROM:
            return str(value)
        from babel.numbers import format_decimal

        return str(format_decimal(value, locale=_WRITTEN[self.language], decimal_quantization=False))

    def relative_days(self, days: int) -> str:
        """Say how far a day is from today: "jutro", "za 3 dni", "3 dni temu"."""
        match days:
            case 0:
                return self(_TODAY)
            case 1:
                return self(_TOMORROW)
            case -1:
                return self(_YESTERDAY)
            case _ if days > 0:
                return self.plural("in {n} day", "in {n} days", days)
            case _:
                return self.plural("{n} day ago", "{n} days ago", -days)

    def _local(self, moment: datetime) -> datetime:
        return moment if moment.tzinfo is None else moment.astimezone(self.zone)

    def _local_day(self, day: date) -> date:
        return self._local(day).date() if isinstance(day, datetime) else day


@lru_cache(maxsize=4096)
def _date(day: date, pattern: str, language: str) -> str:
    from babel.dates import format_date

    return str(format_date(day, pattern, locale=_WRITTEN[language]))


class Catalogues:
    """The translations of one folder (``<language>/LC_MESSAGES/<domain>.po``), read when first asked for."""

    def __init__(self, directory: Path | None = None, zone: str = "Europe/Warsaw") -> None:
        self._directory = directory
        self._zone = ZoneInfo(zone)
        self._read: dict[tuple[str, str], _Catalogue] = {}
        self._translators: dict[str, Translator] = {}

    def translator(self, language: str) -> Translator:
        """Give the translator of a language.

        Raises ``Misconfigured`` for a language the house does not speak and for a catalogue that is missing or broken.
        """
        ready = self._translators.get(language)
        if ready is None:
            if language not in LANGUAGES:
                raise Misconfigured(
                    N_("There is no language {language}. There are: {languages}."), language=language, languages=languages()
                )
            messages = tuple(self._catalogue(name, "messages") for name in _CHAIN[language])
            flows = tuple(self._catalogue(name, "flows") for name in _FLOW_CHAIN[language])
            # Two threads may both come here; they build equal translators and either may stay.
            ready = self._translators[language] = Translator(language, self._zone, messages, flows)
        return ready

    def _catalogue(self, language: str, domain: str) -> _Catalogue:
        if (language, domain) not in self._read:
            directory = self._directory or resources.locales()
            self._read[language, domain] = _Catalogue(directory / language / "LC_MESSAGES" / f"{domain}.po")
        return self._read[language, domain]


_default = Catalogues()


def configure(directory: Path | None = None, zone: str = "Europe/Warsaw") -> None:
    """Set the folder (the packed one by default) and zone of ``translator``. Called once by the composition root."""
    global _default  # a translator is asked for in every room, and one process speaks in one zone
    _default = Catalogues(directory, zone)


def translator(language: str) -> Translator:
    """Give the shared translator of a language (see ``Catalogues.translator``)."""
    return _default.translator(language)
