"""What screens of meetings say, to whom: the ledger in words, the agenda by its half-year, a chair's and a substitute's view."""

from __future__ import annotations

import pytest
from tests.office.meetings.calling import ANNA, BOGDAN, EWA, GOPS_M, OLGA, SCHOOL_M, Calling, gather
from tests.office.rosters import accept
from tests.screens.desks import leads_to
from tests.screens.test_refusals import is_refusal, words

from konwent_bot import i18n
from konwent_bot.clock import FixedClock
from konwent_bot.i18n import Translator
from konwent_bot.office import seats
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import attendance
from konwent_bot.office.meetings.agenda import Line
from konwent_bot.office.occasions import OCCASIONS
from konwent_bot.office.rights import OPERATOR
from konwent_bot.screens import reception
from konwent_bot.screens.intents import Home, Intent
from konwent_bot.screens.meeting_intents import (
    AnswerMeeting,
    AskRemind,
    AskSubstitute,
    CloseMeeting,
    ExplainAbsence,
    NameSubstitute,
    SeeLedger,
    SeeMeeting,
    SeeMeetings,
    SeeTold,
    SeeWho,
)
from konwent_bot.screens.meetings.agenda_words import called
from konwent_bot.screens.meetings.told import occasion
from konwent_bot.screens.screen import Screen
from konwent_bot.screens.visiting import Visitor

PL = i18n.translator("pl")


@pytest.fixture
async def network(door: Door, clock: FixedClock) -> Calling:
    """A network with institutions of every kind, on a Monday morning."""
    return await gather(door, clock)


async def shown(network: Calling, who: int, intent: Intent) -> tuple[Screen, Translator]:
    """Press something; give what is shown."""
    reply, t = await network.door.act(lambda uow: reception.answer(uow, Visitor(who, "pl"), intent))
    return reply.screen, t


@pytest.mark.parametrize("language", ["pl", "en", "uk"])
def test_every_occasion_has_a_name_in_the_ledger(language: str) -> None:
    """No line of the ledger says "another message" of something the secretariat knows; ways in stand in no ledger of a meeting."""
    t = i18n.translator(language)
    nameless = {name for name in OCCASIONS if occasion(t, name) == occasion(t, "unknown")}
    assert nameless == {"sign_in", "confirm_email"}


def test_conclusions_are_named_by_their_half_year() -> None:
    """An agenda speaks of the cards people have filled in, and of which."""
    assert called(PL, Line("card_conclusions", "2026-H2", "", "")) == "Wnioski z badania współpracy za II półrocze 2026"
    assert called(PL, Line("own", "Wspólny kalendarz", "", "")) == "Wspólny kalendarz"


async def test_the_ledger_of_an_institution_says_which_meeting_each_line_is_about(network: Calling) -> None:
    """Two meetings, two calls: a coordinator can tell them apart."""
    await network.called()
    await network.called("2027-01-14T10:00")
    screen, _ = await shown(network, EWA, SeeTold(await network.membership_of(GOPS_M)))
    labels = [row.label for row in screen.rows]
    assert "zaproszenie: Spotkanie strategiczne, wtorek, 15 grudnia 2026" in labels
    assert "zaproszenie: Spotkanie strategiczne, czwartek, 14 stycznia 2027" in labels
    assert all(row.value.startswith("osoba kierująca – wysłano") for row in screen.rows if "zaproszenie: Spotkanie" in row.label)


async def test_a_chair_sees_who_will_come_and_steers_nothing(network: Calling) -> None:
    """Whoever chairs sees the answers and the quorum; reminding, changing and the ledger are the coordinator's."""
    meeting = await network.called()
    seat = await network.seat(GOPS_M, "head")
    await network.door.act(lambda uow: seats.give_post(uow, network.ewa, network.body, "chair", seat=seat))
    screen, t = await shown(network, ANNA, SeeMeeting(meeting))
    offered = {type(one) for one in leads_to(screen)}
    assert SeeWho in offered
    assert not offered & {AskRemind, SeeLedger, CloseMeeting}
    screen, t = await shown(network, ANNA, SeeWho(meeting))
    assert not is_refusal(screen, t)
    assert AskRemind not in {type(one) for one in leads_to(screen)}
    for intent in (AskRemind(meeting), SeeLedger(meeting)):
        assert is_refusal(*await shown(network, ANNA, intent))
    assert is_refusal(*await shown(network, BOGDAN, SeeWho(meeting)))


async def test_a_substitute_of_one_meeting_sees_that_one_and_names_nobody(network: Calling) -> None:
    """Zofia finds her meeting at home and in the list, may answer, and is offered no naming of others; another meeting is not there."""
    mine, other = await network.called(), await network.called("2026-12-16T10:00")
    seat = await network.substitute(mine, GOPS_M, ANNA, "zofia@gops.example")
    await accept(network.door, 3200, seat=seat)
    screen, t = await shown(network, 3200, SeeMeeting(mine))
    assert {AnswerMeeting, AskSubstitute} <= {type(one) for one in leads_to(screen)}
    screen, t = await shown(network, 3200, AskSubstitute(mine, await network.membership_of(GOPS_M)))
    assert NameSubstitute not in {type(one) for one in leads_to(screen)}
    screen, t = await shown(network, 3200, SeeMeetings())
    assert [one.meeting for one in leads_to(screen) if isinstance(one, SeeMeeting)] == [mine]
    assert is_refusal(*await shown(network, 3200, SeeMeeting(other)))
    home, t = await shown(network, 3200, Home())
    assert "16 grudnia" not in words(home, t)


async def test_home_asks_once_a_meeting_and_stops_when_it_is_answered(network: Calling) -> None:
    """Each unanswered meeting is one line with its way there; answered by the colleague, it becomes the next date."""
    meeting = await network.called()
    for who in (ANNA, BOGDAN):
        screen, _ = await shown(network, who, Home())
        (line,) = [item for item in screen.items if "Spotkanie strategiczne" in item]
        assert "Proszę" in line
        assert SeeMeeting(meeting) in leads_to(screen)
    await network.answer(meeting, GOPS_M, "yes", BOGDAN)
    screen, _ = await shown(network, ANNA, Home())
    (line,) = [item for item in screen.items if "Spotkanie strategiczne" in item]
    assert line.startswith("Najbliższe")
    screen, _ = await shown(network, OLGA, Home())
    assert any("Proszę" in item for item in screen.items)


async def test_whoever_is_there_before_it_begins_is_not_asked_whether_they_come(network: Calling) -> None:
    """GOPS answered nothing and is ticked in the doorway: home asks Anna no more, and still asks Olga of the school."""
    meeting = await network.called()
    network.at("2026-12-15T09:40")
    membership = await network.membership_of(GOPS_M)
    for who, asked in ((ANNA, True), (OLGA, True)):
        screen, _ = await shown(network, who, Home())
        assert any("Proszę" in item for item in screen.items) is asked
    await network.door.act(lambda uow: attendance.come(uow, OPERATOR, meeting, membership, "head"))
    for who, asked in ((ANNA, False), (OLGA, True)):
        screen, _ = await shown(network, who, Home())
        assert any("Proszę" in item for item in screen.items) is asked


async def test_a_no_is_saved_at_once_and_the_reason_is_offered_first(network: Calling) -> None:
    """One press counts; whoever wishes may say why."""
    meeting = await network.called()
    screen, _ = await shown(network, ANNA, AnswerMeeting(meeting, await network.membership_of(GOPS_M), "no"))
    assert await network.answered(meeting) == {GOPS_M: "no"}
    assert "nie będzie" in screen.notice
    assert isinstance(leads_to(screen)[0], ExplainAbsence)


async def test_after_its_time_the_coordinator_is_asked_at_home_whether_it_took_place(network: Calling) -> None:
    """One press says so; home asks no more, and the meeting says it, with the way to correct it."""
    meeting = await network.called()
    network.at("2026-12-15T12:30")
    screen, _ = await shown(network, EWA, Home())
    assert CloseMeeting(meeting, 1) in leads_to(screen)
    screen, _ = await shown(network, EWA, CloseMeeting(meeting, 1))
    assert "się odbyło" in screen.notice
    assert [one for one in leads_to(screen) if isinstance(one, CloseMeeting)] == [CloseMeeting(meeting, 0)]
    screen, _ = await shown(network, EWA, Home())
    assert not [one for one in leads_to(screen) if isinstance(one, CloseMeeting)]


async def test_whoever_has_not_taken_their_place_is_asked_to_reply_by_letter(network: Calling) -> None:
    """Maria has e-mail and no way in yet: no link that would lead her to a closed door, but a sentence that says what to do."""
    meeting = await network.enter()
    await network.call(meeting)
    said = {one.address: one.said for one in await network.deliver()}
    assert "Wystarczy odpisać na ten list." in said["maria@szkola.example"]
    assert "Będziemy" not in said["maria@szkola.example"]
    assert "odpisać" not in said[str(ANNA)]
    assert "Będziemy" in said[str(ANNA)]
    network.at("2026-12-01T10:00")
    await network.tick()
    (late,) = [one.said for one in await network.deliver() if one.address == "maria@szkola.example"]
    assert "Wystarczy odpisać na ten list." in late
    await network.answer(meeting, SCHOOL_M, "yes")
    await network.change(meeting, place="Biblioteka")
    (changed,) = [one.said for one in await network.deliver() if one.address == "maria@szkola.example"]
    assert "odpisać" not in changed
