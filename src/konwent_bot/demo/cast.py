"""Who plays whom: a name and a language for every phone. Nobody here exists."""

from __future__ import annotations

from dataclasses import dataclass

from konwent_bot.demo.network import WITHOUT_PHONE, Place

#: First number of the demo's phones.
FIRST = 500_000_100
_NAMES = (
    "Ewa Malec", "Jan Sowa", "Anna Wrona", "Piotr Kania", "Maria Dudek", "Tomasz Zając", "Zofia Kos", "Adam Sroka", "Irena Czyż",
    "Paweł Gil", "Barbara Szpak", "Marek Drozd", "Jerzy Dzięcioł", "Olena Kowalczuk", "Halina Pliszka", "Łukasz Wilga",
    "Krystyna Czapla", "Rafał Bocian", "Monika Jaskółka", "Andrij Melnyk", "Beata Sikora", "Grzegorz Słowik", "Teresa Kuropatwa",
    "Robert Żuraw", "Danuta Gołąb", "Joanna Kawka", "Michał Kruk", "Stanisław Orlik", "Helena Kukułka", "Wiktor Puchacz",
)  # fmt: skip
#: Whose phones speak Ukrainian.
_UKRAINIAN = frozenset({"Olena Kowalczuk", "Andrij Melnyk"})


@dataclass(frozen=True, slots=True)
class Player:
    """A person of the sandbox."""

    number: int
    first_name: str
    last_name: str
    language: str
    place: Place


def players(places: list[Place]) -> list[Player]:
    """Give a player to every place but those without a phone. The same roster gives the same players, so a restart finds them again."""
    cast = []
    for nth, place in enumerate(places):
        if (place.institution, place.kind) in WITHOUT_PHONE:
            continue
        name = _NAMES[nth % len(_NAMES)]
        first, last = name.split(" ", 1)
        cast.append(Player(FIRST + place.row, first, last, "uk" if name in _UKRAINIAN else "pl", place))
    return cast
