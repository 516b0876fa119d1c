"""Minutes that went out, as members see them: read, answered by one press, what became of a remark, the final version, annexes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from tests.conversations.house import dump
from tests.screens.archived import ANNEX, LIBRARY, OPS, REMARK
from tests.screens.decisions.test_ballots import also_speaks_for, offered, sent, shown
from tests.screens.personas import ANNA, BOGDAN, CELINA, GOPS, IDA, KINGA, stage
from tests.screens.test_refusals import heard, is_refusal, visit, words

from konwent_bot import i18n
from konwent_bot.clock import FixedClock
from konwent_bot.office.dialogues import Touch
from konwent_bot.office.door import Door
from konwent_bot.office.minutes import circulating, facts, files, remarks, versions
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.screens import archive_intents as j
from konwent_bot.screens import reception
from konwent_bot.screens.intents import Home
from konwent_bot.screens.visiting import Visitor
from konwent_bot.store.tables import MINUTES_PLACE

PL = i18n.translator("pl")


async def place(door: Door, minutes: int, membership: int, version: int = 1) -> tuple[str, bool]:
    """Give what an institution answered, and whether somebody of it has opened the minutes."""
    query = select(MINUTES_PLACE.c.answer, MINUTES_PLACE.c.opened_at).where(
        MINUTES_PLACE.c.minutes_id == minutes, MINUTES_PLACE.c.version == version, MINUTES_PLACE.c.membership_id == membership
    )
    row = await door.look(lambda uow: uow.execute(query).one())
    return row.answer, row.opened_at is not None


async def test_minutes_say_in_a_few_lines_what_came_of_the_meeting(door: Door) -> None:
    """Anna sees what it was, who was there, what was decided, until when to answer, and how: all on one screen."""
    made = await stage(door)
    m = made.archived
    screen, t = await shown(door, ANNA, j.SeeMinutes(m.open))
    assert screen.title == "Protokół nr 2/2026"
    assert "Obecne instytucje: 3 z 3. Kworum było." in screen.paragraphs
    assert len(screen.paragraphs) <= 5
    said = words(screen, t)
    for words_ in (
        "Odpowiedzi do: <b>niedziela, 29 listopada 2026 (za 7 dni)</b>",
        "Przyjmuję protokół",
        "Zgłaszam uwagę",
        "grafik.txt",
        m.code,
    ):
        assert words_ in said


async def test_the_whole_text_is_read_page_by_page(door: Door) -> None:
    """On a phone and on a page the same words in the same order; a page of a browser is one, and says that they are Polish."""
    made = await stage(door)
    m = made.archived
    chat, _ = await shown(door, ANNA, j.ReadMinutes(m.open, 1))
    titles = [section.title for section in chat.sections]
    assert titles[0] == "Protokół nr 2/2026 ze spotkania strategicznego"
    assert titles[-1] == "Zakończenie"
    assert {section.language for section in chat.sections} == {"pl"}
    page, _ = await sent(door, made, ANNA, j.ReadMinutes(m.open, 1))
    assert page.screen.sections == chat.sections
    late, _ = await shown(door, ANNA, j.ReadMinutes(m.open, 1, 99))
    assert late.sections == chat.sections, "a page that is none is the last one"


async def test_one_press_accepts_and_is_said_back(door: Door) -> None:
    """Celina accepts for OPS: one press, said back with until when it may be changed; twice is once; the button is ticked."""
    made = await stage(door)
    m = made.archived
    for _ in range(2):
        reply, t = await visit(door, CELINA, j.AcceptMinutes(m.open, 1, m.ops))
        assert (
            reply.screen.notice
            == "Zapisano: OPS Janów Lubelski przyjmuje protokół. Odpowiedź można zmienić do końca dnia: niedziela, 29 listopada 2026."
        )
    assert "✓ Przyjmuję protokół" in words(reply.screen, t)
    assert (await place(door, m.open, m.ops))[0] == "accepted"
    home, _ = await visit(door, CELINA, Home())
    assert j.SeeMinutes(m.open) not in offered(home.screen), "nothing of it awaits her any more"


async def test_the_last_acceptance_makes_them_final(door: Door) -> None:
    """All institutions accept, GOPS taking its remark back with that: the last press says that this is the final version."""
    made = await stage(door)
    m = made.archived
    library = made.janow.memberships[LIBRARY]
    await also_speaks_for(door, made, LIBRARY)
    await visit(door, CELINA, j.AcceptMinutes(m.open, 1, m.ops))
    await visit(door, ANNA, j.AcceptMinutes(m.open, 1, m.gops))
    reply, _ = await visit(door, ANNA, j.AcceptMinutes(m.open, 1, library))
    assert (
        reply.screen.notice
        == "Zapisano: Biblioteka Modliborzyce przyjmuje protokół. Odpowiedziały wszystkie instytucje, więc to jest wersja ostateczna."
    )
    assert ("Dokument", "wersja ostateczna, niedziela, 22 listopada 2026") in reply.screen.facts
    assert not {j.AcceptMinutes(m.open, 2, m.gops), j.WriteRemark(m.open, m.gops)} & set(offered(reply.screen))


async def test_a_remark_is_made_seen_and_taken_back(door: Door) -> None:
    """Celina says what one point should say: two questions and a press; it stands with the minutes, and can be taken back."""
    made = await stage(door)
    m = made.archived
    reply, _ = await visit(door, CELINA, j.WriteRemark(m.open, m.ops))
    assert reply.talk is not None
    talk, turn = reply.talk.id, reply.talk.state.turn
    await visit(door, CELINA, Touch(talk, turn, "mark", "attendance"))
    reply, _ = await visit(door, CELINA, Touch(talk, turn + 1, "done"))
    reply, _ = await door.act(
        lambda uow: reception.hear(uow, Visitor(CELINA), "Była też zastępczyni.", message=10**9, written_at=uow.now)
    )
    assert reply.talk is not None
    reply, _ = await visit(door, CELINA, Touch(talk, reply.talk.state.turn, "confirm"))
    assert reply.screen.title == "Uwaga jest wysłana do osoby koordynującej"
    assert j.SeeMinutes(m.open) in offered(reply.screen)
    screen, _t = await shown(door, CELINA, j.SeeMinutes(m.open))
    (row,) = screen.rows
    assert row.label.endswith(": Była też zastępczyni.")
    assert row.value == "czeka na rozpatrzenie"
    assert row.action is not None
    assert row.action.intent is not None
    assert (await place(door, m.open, m.ops))[0] == "remarks"
    reply, _ = await visit(door, CELINA, row.action.intent)
    assert reply.screen.notice == "Uwaga jest wycofana."
    assert reply.screen.rows == ()
    assert (await place(door, m.open, m.ops))[0] == ""


async def test_what_became_of_a_remark_is_told_with_its_reason(door: Door, clock: FixedClock) -> None:
    """Kinga declines the remark of GOPS: Anna reads why, also once the minutes are final, and nobody of another institution does."""
    made = await stage(door)
    m = made.archived
    clock.move(timedelta(days=8))
    subject = Subject(remarks.DECLINE, m.body, minutes=m.open, remark=m.remark)
    reason = remarks.Declined(reason="Lista obecności jej nie wymienia.")
    await door.act(lambda uow: remarks.decline(uow, Actor(made.persons[KINGA]), subject, reason))
    said = "nie uwzględniono: Lista obecności jej nie wymienia."
    for version in (0, 1):
        screen, _ = await shown(door, ANNA, j.SeeMinutes(m.open, version))
        assert [(row.label.partition(": ")[2], row.value) for row in screen.rows] == [(REMARK, said)]
    screen, t = await shown(door, CELINA, j.SeeMinutes(m.open))
    assert REMARK not in words(screen, t)


async def test_answers_come_too_late_after_the_deadline(door: Door, clock: FixedClock) -> None:
    """On the eighth day the buttons are gone, and an old one says that the time is over and what can be done."""
    made = await stage(door)
    m = made.archived
    clock.move(timedelta(days=8))
    screen, _ = await shown(door, CELINA, j.SeeMinutes(m.open))
    assert j.AcceptMinutes(m.open, 1, m.ops) not in offered(screen)
    before = await dump(door.store)
    for intent in (j.AcceptMinutes(m.open, 1, m.ops), j.WriteRemark(m.open, m.ops)):
        reply, t = await visit(door, CELINA, intent)
        assert is_refusal(reply.screen, t)
        assert "29 listopada 2026" in reply.screen.problem
        assert "aneks" in reply.screen.problem
    assert await dump(door.store) == before


async def test_the_final_version_and_its_annex_stand_side_by_side(door: Door) -> None:
    """Final minutes lead to their annex and to the version before, each says what it is, and each has its document."""
    made = await stage(door)
    m = made.archived
    screen, _ = await shown(door, ANNA, j.SeeMinutes(m.final))
    assert {j.SeeMinutes(m.final, m.annex), j.SeeMinutes(m.final, 1)} <= set(offered(screen))
    screen, t = await shown(door, ANNA, j.SeeMinutes(m.final, m.annex))
    assert ANNEX in words(screen, t)
    assert ("Dokument", "aneks nr 1, niedziela, 22 listopada 2026") in screen.facts
    for version in (1, m.final_version, m.annex):
        reply, _ = await visit(door, BOGDAN, j.TakeMinutes(m.final, version))
        assert reply.document is not None
        assert reply.document.content == await stored(door, m.final, version)
        assert reply.document.media_type == "application/pdf"


async def stored(door: Door, minutes: int, version: int) -> bytes:
    """Give a document as it is kept."""
    return await door.look(lambda uow: versions.pdf(uow, versions.get(uow, minutes, version)).content)


async def test_a_file_that_went_along_is_taken_as_it_went(door: Door) -> None:
    """The file is there byte for byte, also after whoever writes the minutes took it out of the draft; a number beside it is nothing."""
    made = await stage(door)
    m = made.archived
    kinga = Actor(made.persons[KINGA])
    (attached,) = await door.look(lambda uow: files.of(uow, m.open))
    await door.act(lambda uow: files.remove(uow, kinga, attached.id))
    reply, _ = await visit(door, ANNA, j.TakeMinutesFile(m.open, 1, 0))
    assert reply.document is not None
    assert (reply.document.name, reply.document.content) == ("grafik.txt", "Grafik dyżurów".encode())
    reply, t = await visit(door, ANNA, j.TakeMinutesFile(m.open, 1, 1))
    assert is_refusal(reply.screen, t)


async def test_opening_is_noted_once(door: Door) -> None:
    """A look on a phone notes that the institution opened the minutes; a coordinator who looks is no institution."""
    made = await stage(door)
    m = made.archived
    await visit(door, KINGA, j.SeeMinutes(m.open))
    assert await place(door, m.open, m.ops) == ("", False)
    await visit(door, CELINA, j.SeeMinutes(m.open))
    assert await place(door, m.open, m.ops) == ("", True)
    before = await dump(door.store)
    await visit(door, CELINA, j.ReadMinutes(m.open, 1))
    assert await dump(door.store) == before


async def test_a_draft_is_shown_to_no_member(door: Door) -> None:
    """What is still being written has no page for members, and says so like what does not exist."""
    made = await stage(door)
    draft = made.minuted.draft
    for who in (ANNA, CELINA, IDA):
        for intent in (j.SeeMinutes(draft), j.ReadMinutes(draft, 1), j.TakeMinutes(draft, 1)):
            reply, t = await visit(door, who, intent)
            assert is_refusal(reply.screen, t)


async def test_a_new_version_is_answered_anew(door: Door, clock: FixedClock) -> None:
    """A remark is taken up and version 2 goes out: it says what has changed, an old button answers nothing, home asks again."""
    made = await stage(door)
    m = made.archived
    kinga = Actor(made.persons[KINGA])
    clock.move(timedelta(days=8))
    await door.act(lambda uow: remarks.accept(uow, kinga, m.remark))
    await door.act(lambda uow: circulating.circulate(uow, kinga, m.open, facts.get(uow, m.open).edition))
    reply, t = await visit(door, CELINA, j.AcceptMinutes(m.open, 1, m.ops))
    assert is_refusal(reply.screen, t)
    screen, t = await shown(door, ANNA, j.SeeMinutes(m.open))
    assert ("Dokument", "wersja 2, poniedziałek, 30 listopada 2026") in screen.facts
    assert [row.value for row in screen.rows] == ["uwzględniono"], "what became of the remark stands there still"
    text, t = await shown(door, ANNA, j.ReadMinutes(m.open, 2))
    assert REMARK in words(text, t)
    home, _ = await visit(door, CELINA, Home())
    assert j.SeeMinutes(m.open) in offered(home.screen)


@pytest.mark.parametrize(
    ("said", "answer"), [("Przyjmuję", "accepted"), ("przyjmujemy protokół!", "accepted"), ("przyjmuję, ale", "")]
)
async def test_a_typed_word_answers_where_nothing_else_can_be_meant(door: Door, said: str, answer: str) -> None:
    """One version waits for one institution of whoever types: the word counts; with anything more in it, it is a way home."""
    made = await stage(door)
    m = made.archived
    # Of the two that wait for Celina the other one is accepted, so that one is left.
    await visit(door, CELINA, j.AcceptMinutes(made.minuted.circulated, 1, made.janow.memberships[OPS]))
    await door.act(lambda uow: reception.hear(uow, Visitor(CELINA), said, message=10**9, written_at=uow.now))
    assert (await place(door, m.open, m.ops))[0] == answer


async def test_somebody_of_two_institutions_answers_for_each(door: Door) -> None:
    """Anna speaks for GOPS and the library: each has its own buttons with its name, and its own answer."""
    made = await stage(door)
    m = made.archived
    library = await also_speaks_for(door, made, LIBRARY)
    reply, t = await visit(door, ANNA, j.AcceptMinutes(m.open, 1, library))
    said = words(reply.screen, t)
    assert f"✓ {LIBRARY}: Przyjmuję protokół" in said
    assert f"✓ {GOPS}: Zgłaszam uwagę" in said
    assert (await place(door, m.open, m.gops))[0] == "remarks"
    reply, t = await heard(door, "przyjmuję")
    assert "Moje sprawy" in words(reply.screen, t), "two wait or none: a word alone says nothing"
