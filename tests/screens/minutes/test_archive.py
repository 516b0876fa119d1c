"""The archive on screens: by year and by words, on a page by a form, in a chat by a command; a year to take along."""

from __future__ import annotations

import io
import zipfile

from tests.screens.decisions.test_ballots import offered, sent, shown
from tests.screens.personas import ANNA, FORMER, IDA, KINGA, stage
from tests.screens.test_refusals import words

from konwent_bot.office.door import Door
from konwent_bot.screens import archive_intents as j
from konwent_bot.screens import ballot_intents as b
from konwent_bot.screens.minutes import archive
from konwent_bot.screens.screen import Row
from konwent_bot.screens.visiting import Visitor


async def typed(door: Door, who: int, text: str) -> str:
    """Let somebody type words after the command that searches; give what they are shown."""
    reply, t = await door.act(lambda uow: archive.heard(uow, Visitor(who, "pl"), text))
    return words(reply.screen, t)


async def test_meetings_minutes_and_decisions_stand_together(door: Door) -> None:
    """The newest first, each with its day and what became of it, and a way to it; a draft of minutes is not among them."""
    made = await stage(door)
    m = made.archived
    found: list[Row] = []
    page = 0
    while True:
        screen, _ = await shown(door, ANNA, j.SeeArchive(m.body, 0, page))
        found += screen.rows
        if j.SeeArchive(m.body, 0, page + 1) not in offered(screen):
            break
        page += 1
    ways = {row.action.intent for row in found if row.action is not None}
    assert {j.SeeMinutes(m.open), j.SeeMinutes(m.final), b.SeeDecision(made.balloted.decision)} <= ways
    assert j.SeeMinutes(made.minuted.draft) not in ways
    assert {row.label: row.value for row in found}["Protokół nr 1/2026"].endswith("wersja ostateczna")


async def test_words_are_found_wherever_they_stand(door: Door) -> None:
    """By the form of the page: a word of a decision, one of an annex, one of nothing; the field keeps what was typed."""
    made = await stage(door)
    m = made.archived
    for text, way in (("TARGI", b.SeeDecision(made.balloted.decision)), ("„czwartek”", j.SeeMinutes(m.final))):
        reply, t = await sent(door, made, ANNA, j.SearchArchive(m.body), words=text)
        assert way in offered(reply.screen)
        assert text.lower().strip("„”") in words(reply.screen, t).lower()
    reply, t = await sent(door, made, ANNA, j.SearchArchive(m.body), words="żyrafa")
    assert "W archiwum nie ma tych słów: żyrafa." in words(reply.screen, t)
    assert reply.screen.form is not None
    assert reply.screen.form.fields[0].value == "żyrafa"


async def test_words_are_looked_for_in_a_chat(door: Door) -> None:
    """Anna types them after the command; without any she is told how; somebody of another network finds nothing of hers."""
    made = await stage(door)
    said = await typed(door, ANNA, "targi pracy")
    assert "Decyzja 2/2026: Targi pracy" in said
    assert "/szukaj karta" in await typed(door, ANNA, "  ")
    for who in (IDA, FORMER):
        said = await typed(door, who, "targi pracy")
        assert "Targi" not in said
        for secret in set(made.secrets()) - {"lsr-ilawa"}:
            assert secret not in said


async def test_a_year_is_taken_along_by_a_page_alone(door: Door) -> None:
    """The ZIP has the documents as they were sent, and a manifest; a chat leads to the page for it."""
    made = await stage(door)
    m = made.archived
    reply, _ = await sent(door, made, KINGA, j.TakeYear(m.body, m.year))
    assert reply.document is not None
    with zipfile.ZipFile(io.BytesIO(reply.document.content)) as file:
        names = file.namelist()
        assert file.testzip() is None
    assert "manifest.json" in names
    assert sum(name.endswith(".pdf") for name in names) >= 3
    reply, _ = await door.act(lambda uow: archive.heard(uow, Visitor(KINGA, "pl"), ""))
    assert j.SeeArchive(m.body) in offered(reply.screen)
    screen, _ = await shown(door, KINGA, j.TakeYear(m.body, m.year))
    assert screen.title == "Archiwum"
