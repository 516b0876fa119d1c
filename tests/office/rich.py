"""Żaneta: a person with something of everything the secretariat may hold about anybody, beside people it must keep."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import Table, insert, select
from sqlmodel import SQLModel
from tests.office.rosters import GOPS, KIS, SCHOOL, accept, bring_in, csv, enter, seat_of

from konwent_bot.office import dialogues, links, notices, opening, people, privacy, rounds, seats, sessions
from konwent_bot.office.dialogues import Fill, Talk, Touch, Written
from konwent_bot.office.door import Door
from konwent_bot.office.people import Reader
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import (
    AGENDA_ITEM,
    ATTENDANCE,
    BALLOT,
    BALLOT_PLACE,
    CALENDAR_FEED,
    CHAT_GROUP,
    CONSENSUS_ROUND,
    DECISION,
    ENCLOSURE,
    MATERIAL,
    MEETING,
    MEETING_ANSWER,
    MEETING_CALL,
    MEETING_GUEST,
    MINUTES,
    MINUTES_FILE,
    MINUTES_NOTE,
    MINUTES_PLACE,
    MINUTES_REMARK,
    MINUTES_RIVAL,
    MINUTES_VERSION,
    POLL_ANSWER,
    POLL_DATE,
    PROPOSAL,
    PROPOSAL_COMMENT,
    PROPOSAL_TEXT,
    REMINDER_RUN,
    ROUND_PLACE,
    SEAT,
    STANCE,
    STATUS_REPORT,
    TASK,
    UPLOAD,
    VOTE,
)

NAME = "Żaneta Ćwiąkalska-Łoś"
EMAIL = "zaneta.cwiakalska@gops.example"
NEW_EMAIL = "zcl@nowa-poczta.example"
TITLE = "kierowniczka świetlicy „Pszczółka”"
TELEGRAM = 73_104_588_217
BOGDAN, EWA = 502, 503
#: What she wrote and never sent; why she cannot come; what came too late; and what she sent, which is the institution's.
DRAFT = "Szkic: może „kalendarz” wspólny 🙂?"
REASON = "Wizyta z córką w szpitalu"
LATE = "Spóźniona myśl o zebraniu"
SENT = "Spotkania raz w miesiącu wystarczą"
PROPOSED = "Dowóz uczestników"
OBJECTED = "Brakuje pieniędzy na paliwo"
#: What she wrote into minutes, wrote beside somebody else's text, and would have otherwise in them.
NOTED, RIVAL, REMARKED = "Gmina da busa", "Gmina może dać busa", "Obecnych było dziewięć osób"
#: Everything that is personal.
PERSONAL = (NAME, EMAIL, NEW_EMAIL, TITLE, str(TELEGRAM), DRAFT, LATE, REASON, RIVAL)

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
    #: A meeting she was called to; a guest of it with her address, one with another, and Ola, who is named for it alone.
    meeting: int
    own_guest: int
    guest: int
    substitute: int
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


def _row(uow: UnitOfWork, table: Table, **values: object) -> int:
    """Insert a row as the table's class would, with what it says of columns that are not given; give its number."""
    model = next(one for one in SQLModel.__subclasses__() if getattr(one, "__table__", None) is table)
    given = {name: value for name, value in model(**values).model_dump().items() if name != "id"}
    made = uow.execute(insert(table).values(given)).inserted_primary_key
    return int(made[0]) if made is not None else 0


def _decide(uow: UnitOfWork, body: int, membership: int, meeting: int, person: int) -> None:
    """Let a proposal have been decided with Żaneta in every part of it: rows, as ``_meet`` makes them."""
    at, mine = {"created_at": uow.now}, {"membership_id": membership, "person_id": person}
    proposal = _row(uow, PROPOSAL, **at, **mine, body_id=body, meeting_id=meeting, kind="matter", state="adopted")
    of = {"proposal_id": proposal, "version": 1}
    _row(uow, PROPOSAL_TEXT, **of, **at, title=PROPOSED, body="Gmina wozi uczestników.", person_id=person)
    _row(uow, PROPOSAL_COMMENT, **of, **at, **mine, body="Kto zapłaci?")
    times = {"opened_at": uow.now, "closed_at": uow.now, "rule": "{}", "result": "{}", "entitled": 2}
    consensus = _row(uow, CONSENSUS_ROUND, **of, **times, number=1, outcome="objected")
    _row(uow, ROUND_PLACE, round_id=consensus, membership_id=membership)
    _row(
        uow, STANCE, **mine, round_id=consensus, stance="object", reason=OBJECTED, remedy="Dotacja", rank=0, taken_at=uow.now
    )  # fmt: skip
    ballot = _row(
        uow, BALLOT, **of, **times, round_id=consensus, method="open", present=2, closes_at=uow.now, verdict="passed", person_id=person
    )  # fmt: skip
    _row(uow, BALLOT_PLACE, ballot_id=ballot, membership_id=membership)
    _row(uow, VOTE, **mine, ballot_id=ballot, choice="against", rank=0, cast_at=uow.now)
    decision = _row(
        uow, DECISION, **of, body_id=body, year=2026, number=1, meeting_id=meeting, method="open", verdict="passed", ballot_id=ballot,
        taken_at=uow.now,
    )  # fmt: skip
    _row(uow, TASK, **at, **mine, body_id=body, decision_id=decision, what="Umowa z gminą", due_on=uow.today)


def _minute(uow: UnitOfWork, body: int, membership: int, meeting: int, person: int) -> None:
    """Let Żaneta have had every part in the minutes of a meeting: rows, as ``_meet`` makes them."""
    at, mine = {"created_at": uow.now}, {"membership_id": membership, "person_id": person}
    number = _row(
        uow, MINUTES, **at, meeting_id=meeting, body_id=body, year=2026, number=1, state="circulated", version=1, person_id=person
    )  # fmt: skip
    of = {"minutes_id": number}
    note = _row(uow, MINUTES_NOTE, **of, **at, point="end", position=1, body=NOTED, changed_at=uow.now, person_id=person)
    _row(uow, MINUTES_RIVAL, **at, note_id=note, person_id=person, body=RIVAL, revision=1)
    _row(
        uow, MINUTES_FILE, **of, name="lista.pdf", media_type="application/pdf", sha256="d" * 64, content=b"%PDF-1.7", added_at=uow.now,
        person_id=person,
    )  # fmt: skip
    version = {**of, "version": 1}
    _row(
        uow, MINUTES_VERSION, **version, **at, kind="circulated", content="{}", content_sha256="e" * 64, code="1-1-EEEEEEEEEEEE", pdf=b"%PDF",
        pdf_sha256="f" * 64, person_id=person,
    )  # fmt: skip
    _row(uow, MINUTES_PLACE, **version, **mine, answer="remarks", answered_at=uow.now)
    _row(
        uow, MINUTES_REMARK, **version, **at, **mine, point="attendance", body=REMARKED, state="declined", reason="Lista mówi inaczej",
        settled_by=person, settled_at=uow.now,
    )  # fmt: skip
    _row(uow, TASK, **of, **at, **mine, body_id=body, point="end", what="Napisać do wójta", due_on=uow.today)


def _meet(
    uow: UnitOfWork, body: int, membership: int, seat: int, other: int, person: int, bogdan: int, ewa: int
) -> tuple[int, int, int, int]:
    """Let there have been a meeting in which Żaneta had every part anybody may have; give the numbers ``Rich`` tells of.

    Rows, not acts: no one person may do all of this, and what is tried here is that none of it is forgotten.
    """
    start = uow.now + timedelta(days=10)
    about = {"day": start.date(), "hour": "10:00", "minutes": 60, "zone": "Europe/Warsaw", "mode": "online"}
    times = {"starts_at": start, "ends_at": start + timedelta(hours=1), "created_at": uow.now, "convened_at": uow.now}
    kept = {"body_id": body, "kind": "strategic", "status": "convened", "uid": f"{body}@test", "revision": 1, "person_id": ewa}
    meeting = _row(uow, MEETING, **about, **times, **kept)
    of = {"meeting_id": meeting}
    mine = {**of, "membership_id": membership, "person_id": person}
    for number, (who, place, address) in enumerate(((person, seat, EMAIL), (bogdan, other, "bogdan@gops.example"))):
        _row(uow, MEETING_CALL, **of, seat_id=place, person_id=who, email=address, revision=1)
        letter = notices.announce(
            uow, recipient=f"seat:{place}", occasion="meeting.invitation", subject=f"meeting:{meeting}", body=body
        )
        content = f"BEGIN:VCALENDAR\r\nATTENDEE;CN={(NAME, 'Bogdan Kos')[number]}:mailto:{address}\r\n".encode()
        _row(uow, ENCLOSURE, notice_id=letter, name="spotkanie.ics", media_type="text/calendar", sha256="a" * 64, content=content)
    _row(uow, MEETING_ANSWER, **mine, answer="no", reason=REASON, answered_at=uow.now)
    _row(uow, AGENDA_ITEM, **mine, position=1, kind="own", title=PROPOSED, created_at=uow.now)
    _row(uow, ATTENDANCE, **mine, role="head", arrived_at=start, source="code")
    _row(
        uow,
        MATERIAL,
        **of,
        person_id=person,
        name="plan.pdf",
        media_type="application/pdf",
        sha256="b" * 64,
        content=b"%PDF",
        added_at=uow.now,
    )
    _row(uow, STATUS_REPORT, **of, person_id=person, answers='{"joined": 7}', submitted_at=uow.now)
    _row(uow, REMINDER_RUN, **of, person_id=person, at=uow.now)
    date = _row(uow, POLL_DATE, **of, day=start.date(), hour="10:00")
    _row(uow, POLL_ANSWER, date_id=date, membership_id=membership, answer="no", person_id=person, answered_at=uow.now)
    _row(uow, CHAT_GROUP, body_id=body, chat_id=-100_200, title="Sieć", person_id=person, linked_at=uow.now)
    _row(uow, CALENDAR_FEED, person_id=person, token_hash="c" * 64, created_at=uow.now)
    guests = [
        _row(uow, MEETING_GUEST, **of, name=name, function="burmistrz", email=email, created_at=uow.now)
        for name, email in ((NAME, EMAIL), ("Adam Gość", "adam@urzad.example"))
    ]
    for guest in guests:
        _row(uow, MEETING_CALL, **of, guest_id=guest, revision=1)
    ola = seats.newcomer(uow, "Ola Mak", "ola@mak.example")
    named = {"membership_id": membership, "role": "substitute", "meeting_id": meeting, "person_id": ola}
    place = _row(uow, SEAT, **named, name="Ola Mak", email="ola@mak.example")
    return meeting, guests[0], guests[1], place


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
        met = _meet(uow, body, membership, head.id, delegate.id, person, bogdan, ewa)
        _decide(uow, body, membership, met[0], person)
        _minute(uow, body, membership, met[0], person)
        return Rich(
            body, round_id, membership, person, bogdan, ewa, head.id, *met, cookie,
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
