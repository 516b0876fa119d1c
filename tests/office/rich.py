"""Żaneta: a person with something of everything the secretariat may hold about anybody, beside people it must keep."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import insert, select
from tests.office.rosters import GOPS, KIS, SCHOOL, accept, bring_in, csv, enter, seat_of

from konwent_bot.office import dialogues, links, notices, opening, people, privacy, rounds, seats, sessions
from konwent_bot.office.dialogues import Fill, Talk, Touch, Written
from konwent_bot.office.door import Door
from konwent_bot.office.people import Reader
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import SEAT, UPLOAD

NAME = "Żaneta Ćwiąkalska-Łoś"
EMAIL = "zaneta.cwiakalska@gops.example"
NEW_EMAIL = "zcl@nowa-poczta.example"
TITLE = "kierowniczka świetlicy „Pszczółka”"
TELEGRAM = 73_104_588_217
BOGDAN, EWA = 502, 503
#: What she wrote and never sent; what came too late; and what she sent, which is the institution's.
DRAFT = "Szkic: może „kalendarz” wspólny 🙂?"
LATE = "Spóźniona myśl o zebraniu"
SENT = "Spotkania raz w miesiącu wystarczą"
#: Everything that is personal.
PERSONAL = (NAME, EMAIL, NEW_EMAIL, TITLE, str(TELEGRAM), DRAFT, LATE)

ROWS = (
    f"{KIS};koordynator;case manager;Ewa Lis;ewa@kis.example",
    f"{GOPS};zwierzchnik;{TITLE};{NAME};{EMAIL}",
    f"{GOPS};osoba wskazana;asystent rodziny;Bogdan Kos;bogdan@gops.example",
    f"{SCHOOL};zwierzchnik;dyrektor;Maria Wilk;maria@szkola.example",
)


@dataclass(frozen=True)
class Rich:
    """What was made."""

    body: int
    round: int
    membership: int
    #: Żaneta, Bogdan (delegate of the same institution) and Ewa (coordinator).
    person: int
    bogdan: int
    ewa: int
    seat: int
    #: Her browser's cookie, a link that opens a session, and one that confirms her new address.
    cookie: str
    enter: str
    confirm: str


def _text(_: str, polish: str) -> str:
    return polish


def opened(uow: UnitOfWork, telegram: int, round_id: int, membership: int, *, change: bool = False) -> Talk:
    """Open a card."""
    known = people.by_telegram(uow, telegram)
    assert known is not None
    talk = opening.open_card(uow, known, round_id, membership, change=change)
    assert isinstance(talk, Talk)
    return talk


def fill_in(uow: UnitOfWork, telegram: int, round_id: int, membership: int, text: str) -> None:
    """Fill in a card and submit it."""
    talk = opened(uow, telegram, round_id, membership)
    turn = talk.state.turn
    for _ in range(15):
        turn = dialogues.touch(uow, telegram, Touch(talk.id, turn, "answer", "4")).state.turn
    for choice in ("phone", "time"):
        turn = dialogues.touch(uow, telegram, Touch(talk.id, turn, "mark", choice)).state.turn
        turn = dialogues.touch(uow, telegram, Touch(talk.id, turn, "done")).state.turn
    said = dialogues.say(uow, telegram, text, _text, message=10**9, written_at=uow.now)
    assert said is not None
    assert said.problem is None
    assert dialogues.touch(uow, telegram, Touch(talk.id, said.state.turn, "confirm")).submitted


async def settle(door: Door) -> Rich:
    """Make a network in which Żaneta has sent a card, changes it, has a browser open, and has asked for this and that."""
    body = await enter(door)
    await bring_in(door, body, *ROWS)
    head = await seat_of(door, body, "GOPS Modliborzyce", "head")
    delegate = await seat_of(door, body, "GOPS Modliborzyce", "delegate")
    posts = await door.look(lambda uow: seats.posts_of(uow, OPERATOR, body))
    # A letter to her place, which waits as long as nobody has accepted it.
    await door.act(lambda uow: notices.announce(uow, recipient=f"seat:{head.id}", occasion="invitation", body=body))
    person = await accept(door, TELEGRAM, seat=head.id)
    bogdan = await accept(door, BOGDAN, seat=delegate.id)
    ewa = await accept(door, EWA, post=posts[0].id)

    def work(uow: UnitOfWork) -> Rich:
        membership = uow.execute(select(SEAT.c.membership_id).where(SEAT.c.id == head.id)).scalar_one()
        round_id = rounds.open_round(uow, OPERATOR, body).id
        seats.give_post(uow, OPERATOR, body, "minute_taker", seat=head.id)
        fill_in(uow, TELEGRAM, round_id, membership, SENT)
        again = opened(uow, TELEGRAM, round_id, membership, change=True)
        talk = dialogues.touch(uow, TELEGRAM, Touch(again.id, again.state.turn, "edit", "conclusion"))
        written = dialogues.say(uow, TELEGRAM, DRAFT, _text, message=2 * 10**9, written_at=uow.now)
        assert written is not None
        assert written.problem is None
        talk = dialogues.touch(uow, TELEGRAM, Touch(again.id, written.state.turn, "edit", "conclusion"))
        form = Fill(again.id, talk.state.turn)
        assert dialogues.keep(uow, Reader(person), form, Written((), LATE), _text)
        privacy.ask_email(uow, person, NEW_EMAIL)
        sessions.ask_link(uow, EMAIL, address="203.0.113.7")
        cookie = sessions.begin(uow, person, browser=sessions.new_cookie(), came_by="link:0")
        content = csv(*ROWS)
        for sender in (person, ewa):
            file = {
                "body_id": body,
                "person_id": sender,
                "sha256": sha256(content).hexdigest(),
                "content": content,
                "at": uow.now,
            }
            uow.execute(insert(UPLOAD).values(file))
        return Rich(
            body, round_id, membership, person, bogdan, ewa, head.id, cookie,
            links.issue(uow, person, "enter").token, links.issue(uow, person, "email", email=NEW_EMAIL).token,
        )  # fmt: skip

    return await door.act(work)


def shapes(word: str) -> tuple[bytes, ...]:
    """Give the forms in which a word may stand in a file: UTF-8, escaped in JSON, as a spreadsheet of Windows, a number in a row."""
    found = {word.encode(), json.dumps(word)[1:-1].encode(), json.dumps(word, ensure_ascii=False)[1:-1].encode()}
    found.add(word.encode("cp1250", "ignore"))
    if word.isdigit():
        found.add(int(word).to_bytes(6, "big"))  # SQLite's own form of such a number
    return tuple(found)


def spoken_of(data: bytes, words: tuple[str, ...] = PERSONAL) -> list[str]:
    """Give those of these words that stand in some bytes, in any form."""
    return [word for word in words if any(shape in data for shape in shapes(word))]
