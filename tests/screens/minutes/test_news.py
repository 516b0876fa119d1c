"""What is said of minutes by itself: the same words in a chat and in a letter, and the answer one press away."""

from __future__ import annotations

import hashlib

import pytest
from tests.screens.archived import ANNEX, REMARK
from tests.screens.decisions.test_ballots import offered
from tests.screens.personas import ANNA, GOPS, KINGA, Stage, stage
from tests.screens.test_refusals import heard, visit, words

from konwent_bot import i18n
from konwent_bot.i18n import Translator
from konwent_bot.office.dialogues import Touch
from konwent_bot.office.door import Door
from konwent_bot.office.minutes import facts, roll, versions
from konwent_bot.office.minutes.news import MinutesNews, RemarkSettled, What
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import archive_intents as j
from konwent_bot.screens import ballot_intents as b
from konwent_bot.screens.intents import Home
from konwent_bot.screens.messages import SCREENS
from konwent_bot.screens.minutes_intents import SeeAnswers
from konwent_bot.screens.screen import Screen

PL = i18n.translator("pl")


async def said(door: Door, made: Stage, what: What, t: Translator = PL, *, post: bool = False) -> Screen:
    """Give what somebody of GOPS (``post``: whoever holds a post) is told of the network's minutes."""
    m = made.archived
    number, version = {"final": (m.final, m.final_version), "annex": (m.final, m.annex)}.get(what, (m.open, 1))
    membership, name = (None, "") if post else (m.gops, GOPS)

    def make(uow: UnitOfWork) -> MinutesNews:
        return MinutesNews(
            what, facts.get(uow, number), versions.get(uow, number, version), membership, name, "", ("protokol.pdf",)
        )

    return SCREENS[MinutesNews](await door.look(make), t)


async def test_minutes_that_wait_are_answered_from_the_message(door: Door) -> None:
    """Five lines, until when, two buttons that answer in the chat, and a way to the page for whoever reads the letter."""
    made = await stage(door)
    m = made.archived
    screen = await said(door, made, "circulated")
    assert screen.title == "Protokół nr 2/2026: proszę przeczytać i odpowiedzieć"
    assert screen.context == (f"Lokalna Sieć lsr-janow · {GOPS}",)
    assert "Obecne instytucje: 3 z 3. Kworum było." in screen.paragraphs
    assert ("Odpowiedzi do", "niedziela, 29 listopada 2026") in screen.facts
    by_channel = {(one.intent, one.only) for row in screen.actions for one in row}
    assert by_channel == {
        (j.AcceptMinutes(m.open, 1, m.gops), "chat"), (j.WriteRemark(m.open, m.gops), "chat"), (j.SeeMinutes(m.open), "chat"),
        (j.SeeMinutes(m.open), "page"),
    }  # fmt: skip


@pytest.mark.parametrize("language", ["pl", "en", "uk"])
@pytest.mark.parametrize("what", ["circulated", "reminder", "final", "annex"])
async def test_every_message_says_what_is_to_be_done(door: Door, what: What, language: str) -> None:
    """In each language, to an institution and to a post: what it is, and (nobody is left to guess) whether anything is to be done."""
    made = await stage(door)
    t = i18n.translator(language)
    for post in (False, True):
        screen = await said(door, made, what, t, post=post)
        assert screen.actions
        asked = what in ("circulated", "reminder") and not post
        assert any(isinstance(one, j.AcceptMinutes) for one in offered(screen)) == asked
        assert len(words(screen, t)) < 2000
    if what == "annex":
        assert ANNEX in words(screen, t), "an annex is short enough to be read at once"


async def test_the_hash_of_the_very_file_stands_in_the_message_the_ledger_and_the_archive(door: Door) -> None:
    """Whoever kept the letter can tell years later whether a file is the one that came with it; a reminder brings no file and no hash."""
    made = await stage(door)
    m = made.archived
    file = await door.look(lambda uow: versions.pdf(uow, versions.get(uow, m.open, 1)))
    proof = hashlib.sha256(file.content).hexdigest()
    for what in ("circulated", "reminder"):
        screen = await said(door, made, what)
        assert any(proof in note for note in screen.notes) is (what == "circulated")
    for who, intent in ((KINGA, SeeAnswers(m.open)), (ANNA, j.SeeMinutes(m.open))):
        reply, _ = await visit(door, who, intent)
        assert any(proof in note for note in reply.screen.notes)


async def test_what_became_of_a_remark_quotes_it(door: Door) -> None:
    """GOPS reads its own remark beside what became of it."""
    made = await stage(door)
    m = made.archived

    def make(uow: UnitOfWork) -> RemarkSettled:
        return RemarkSettled(facts.get(uow, m.open), roll.remark(uow, m.remark), "Obecność")

    screen = SCREENS[RemarkSettled](await door.look(make), PL)
    assert screen.title == "Uwaga Państwa instytucji nie jest uwzględniona"
    assert ("Uwaga", REMARK) in screen.facts
    assert offered(screen) == [j.SeeMinutes(m.open)]


async def test_a_task_is_finished_from_its_message_and_described_if_one_likes(door: Door) -> None:
    """Anna presses "Gotowe", then says in words what was done: the task shows both, and home asks for it no more."""
    made = await stage(door)
    m = made.archived
    reply, _ = await visit(door, ANNA, b.FinishTask(m.task))
    assert j.NoteTask(m.task) in offered(reply.screen)
    await visit(door, ANNA, j.NoteTask(m.task))
    reply, _ = await heard(door, "Zaproszenia poszły do wszystkich.")
    assert reply.talk is not None
    await visit(door, ANNA, Touch(reply.talk.id, reply.talk.state.turn, "confirm"))
    reply, _ = await visit(door, ANNA, j.SeeTask(m.task))
    assert ("Co zrobiono", "Zaproszenia poszły do wszystkich.") in reply.screen.facts
    assert j.NoteTask(m.task) not in offered(reply.screen)
    home, _ = await visit(door, ANNA, Home())
    assert j.SeeTask(m.task) not in offered(home.screen)
