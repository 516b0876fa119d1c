"""Makes the data of the bench through office acts: a network whose people have accepted, and many rounds of cards.

``python -m tests.bench.data DATABASE_URL FOLDER --people N --rounds N [--opened] [--languages pl,en]`` migrates the database, fills
it, and writes ``FOLDER/cards.json``: for every card whose account fills it in and the callback data that opens it, and
``FOLDER/visits.json``: for everybody the cookie of a session, the language and the cards. With ``--opened`` every card is opened, so
that people x rounds dialogues stand open. Languages are dealt out in turn.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from konwent_bot import resources
from konwent_bot.clock import SystemClock
from konwent_bot.dialogue.loading import Shelf
from konwent_bot.documents.tables import read_table
from konwent_bot.domain.roster import read_roster
from konwent_bot.office import bodies, dialogues, invitations, opening, people, rosters, rounds, seats, sessions
from konwent_bot.office.door import Door
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.rounds import Matter
from konwent_bot.office.unit import House, UnitOfWork
from konwent_bot.screens.intents import OpenCard, encode
from konwent_bot.store.engines import open_store
from konwent_bot.store.migrate import migrate

#: Telegram accounts of the bench begin here.
FIRST_ACCOUNT = 5_000_000_000
#: Units of work in the set-up hold this many people or dialogues.
BATCH = 200


def house() -> House:
    """Give the house as it is shipped."""
    return House(flows=Shelf.load(resources.flows()), zone=ZoneInfo("Europe/Warsaw"))


def roster_csv(institutions: int, *, seats_each: int = 1) -> bytes:
    """Write a roster as Polish Excel does: ``institutions`` x ``seats_each`` rows, every holder somebody else."""
    rows = ["Nazwa instytucji;Skrót;Typ;Sektor;Miejscowość;Rola;Stanowisko;Imię i nazwisko;E-mail"]
    roles = (("zwierzchnik", "kierownik"), ("osoba wskazana", "pracownik socjalny"), ("zastępca", "specjalista"))
    for at in range(institutions):
        kind = "C" if at % 5 == 0 else "A" if at == 1 else "B"
        for role, title in roles[:seats_each]:
            rows.append(
                f"Ośrodek Pomocy Społecznej numer {at} w Gminie Łąki;OPS Łąki {at};{kind};pomoc społeczna;Łąki {at};"
                f"{role};{title};Żaneta Gęślą-{_letters(at)} {_letters(at * 3 + len(role))};{role[0]}{at}@ops-laki.example"
            )
    return "\r\n".join(rows).encode("cp1250")


def _letters(number: int) -> str:
    """Write a number in letters: names hold no digits."""
    word = ""
    while True:
        number, digit = divmod(number, 26)
        word = chr(ord("a") + digit) + word
        if not number:
            return word.capitalize()


async def fill(door: Door, network: int, rounds_each: int, languages: Sequence[str] = ("pl",)) -> list[dict[str, object]]:
    """Make the network; give its cards, round by round."""
    roster = read_roster(read_table(roster_csv(network)))

    def enter(uow: UnitOfWork) -> list[int]:
        body = bodies.create(uow, OPERATOR, slug="lsr-laki", name="Lokalna Sieć na rzecz Reintegracji w Łąkach")
        rosters.import_roster(uow, OPERATOR, body, roster)
        for number in range(rounds_each):
            rounds.open_round(uow, OPERATOR, body, period=f"{2030 + number // 2}-H{1 + number % 2}")
        return [seat.id for seat in seats.seats_of(uow, OPERATOR, body)]

    accounts = list(enumerate(await door.act(enter), start=FIRST_ACCOUNT))
    for at in range(0, len(accounts), BATCH):
        some = accounts[at : at + BATCH]
        await door.act(lambda uow, some=some: _accept(uow, some, languages))  # type: ignore[misc]  # mypy does not see defaults
    return await door.look(lambda uow: _cards(uow, [account for account, _ in accounts]))


def _accept(uow: UnitOfWork, accounts: list[tuple[int, int]], languages: Sequence[str]) -> None:
    for account, seat in accounts:
        issued = invitations.issue(uow, OPERATOR, seat=seat)
        invitations.accept(uow, issued.token, caller=account, language=languages[(account - FIRST_ACCOUNT) % len(languages)])


def _cards(uow: UnitOfWork, accounts: list[int]) -> list[dict[str, object]]:
    found = [(matter.round_id, account, OpenCard(matter.round_id, matter.membership_id))
             for account in accounts for matter in _matters(uow, account)]  # fmt: skip
    found.sort(key=lambda one: one[:2])
    return [{"telegram": account, "opens": encode(card)} for _, account, card in found]


def _matters(uow: UnitOfWork, account: int) -> list[Matter]:
    person = people.by_telegram(uow, account)
    assert person is not None
    return rounds.matters(uow, person.id)


async def let_in(door: Door, cards: list[dict[str, object]]) -> list[dict[str, object]]:
    """Let everybody in by a browser; give for each the cookie, the language, and what opens their cards."""
    opens: dict[object, list[object]] = {}
    for card in cards:
        opens.setdefault(card["telegram"], []).append(card["opens"])

    def begin(uow: UnitOfWork) -> list[dict[str, object]]:
        begun = []
        for account, theirs in opens.items():
            person = people.by_telegram(uow, int(str(account)))
            assert person is not None
            cookie = sessions.begin(uow, person.id, browser="", came_by="bench")
            begun.append({"cookie": cookie, "person": person.id, "language": person.language, "opens": theirs})
        return begun

    return await door.act(begin)


async def open_all(door: Door, network: int, rounds_each: int) -> int:
    """Open every card, so that each is a dialogue under way; give how many there are."""
    count = 0

    def open_some(uow: UnitOfWork, accounts: range) -> int:
        done = 0
        for account in accounts:
            person = people.by_telegram(uow, account)
            assert person is not None
            for matter in rounds.matters(uow, person.id):
                talk = opening.open_card(uow, person, matter.round_id, matter.membership_id)
                done += isinstance(talk, dialogues.Talk)
        return done

    step = max(1, BATCH // rounds_each)
    for first in range(FIRST_ACCOUNT, FIRST_ACCOUNT + network, step):
        accounts = range(first, min(first + step, FIRST_ACCOUNT + network))
        count += await door.act(lambda uow, accounts=accounts: open_some(uow, accounts))  # type: ignore[misc]  # mypy does not see defaults
    return count


async def make(url: str, folder: Path, network: int, rounds_each: int, *, opened: bool, languages: Sequence[str]) -> None:
    """Make everything and say how many cards and open dialogues there are."""
    store = open_store(url)
    try:
        await migrate(store)
        door = Door(store, SystemClock(), house())
        cards = await fill(door, network, rounds_each, languages)
        (folder / "cards.json").write_text(json.dumps(cards), encoding="utf-8")
        (folder / "visits.json").write_text(json.dumps(await let_in(door, cards)), encoding="utf-8")
        dialogues_open = await open_all(door, network, rounds_each) if opened else 0
    finally:
        await store.close()
    print(json.dumps({"cards": len(cards), "open": dialogues_open}))


if __name__ == "__main__":
    words = argparse.ArgumentParser()
    words.add_argument("url")
    words.add_argument("folder", type=Path)
    words.add_argument("--people", type=int, required=True)
    words.add_argument("--rounds", type=int, required=True)
    words.add_argument("--opened", action="store_true")
    words.add_argument("--languages", default="pl")
    given = words.parse_args()
    asyncio.run(
        make(given.url, given.folder, given.people, given.rounds, opened=given.opened, languages=given.languages.split(","))
    )
