"""Moving a meeting, changing it, calling it off, and noting whether it took place: everybody who was told is told, and nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from tests.office.meetings.calling import (
    ANNA,
    CLUB,
    GOPS_M,
    LIBRARY_M,
    OLGA,
    OPS_J,
    ROWS,
    SCHOOL_M,
    Calling,
    elsewhere,
)
from tests.office.rosters import dump

from konwent_bot.errors import Invalid, NotFound, Refused
from konwent_bot.office.meetings import convening
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Subject

EVERYBODY = [f"{LIBRARY_M} delegate", f"{GOPS_M} head", f"{OPS_J} delegate", f"{SCHOOL_M} head"]
MARIA, CELINA = "maria@szkola.example", "celina@biblioteka.example"


def of_all(occasion: str) -> list[tuple[str, str]]:
    """Give what everybody who was called is told."""
    return [(who, occasion) for who in EVERYBODY]


async def test_a_new_date_is_told_to_everybody_and_asked_about_anew(network: Calling) -> None:
    """Answers to another date do not count for this one; whoever said yes is asked again, and sees from when it was moved, and why."""
    meeting = await network.called()
    await network.answer(meeting, GOPS_M, "yes", ANNA)
    await network.answer(meeting, SCHOOL_M, "no")
    await network.change(meeting, moment="2026-12-17T12:30")
    assert await network.answered(meeting) == {}
    sent = await network.deliver()
    assert sorted(one.occasion for one in sent) == ["meeting.changed"] * 4
    for one in sent:
        assert "czwartek, 17 grudnia 2026, 12:30–14:30" in one.said
        assert "wtorek, 15 grudnia 2026" in one.said
        assert "Tak wyszło" in one.said
        assert "Odpowiedzi na poprzedni termin już się nie liczą" in one.said
        (file,) = one.files
        assert (file.method, file.event["SEQUENCE"].value, file.event["DTSTART"].value) == ("REQUEST", "1", "20261217T123000")
    found = await network.meeting(meeting)
    assert (found.revision, found.reminded, found.agenda_sent_at) == (2, 0, None)


@pytest.mark.parametrize(
    "given", [{"place": "Biblioteka, sala 2"}, {"minutes": 180}, {"mode": "hybrid", "link": "https://spotkania.example/x"}]
)
async def test_another_place_keeps_the_answers(network: Calling, given: dict[str, Any]) -> None:
    """Only a new date asks anew: a place, a length or a room is told, and every answer still counts."""
    meeting = await network.called()
    await network.answer(meeting, GOPS_M, "yes", ANNA)
    await network.change(meeting, **given)
    assert await network.answered(meeting) == {GOPS_M: "yes"}
    sent = {one.address: one.said for one in await network.deliver()}
    assert len(sent) == 4
    assert "odpowiedź nadal obowiązuje" in sent[str(ANNA)]
    assert "Proszę odpowiedzieć" in sent[MARIA]
    assert (await network.meeting(meeting)).moved_from is None


async def test_whom_the_invitation_did_not_reach_is_invited_to_the_new_date(network: Calling) -> None:
    """One letter was refused, one still waits: a "change" would say nothing to either, so they are called to the date it has now."""
    meeting = await network.enter()
    await network.call(meeting)
    await network.deliver(refused={MARIA})
    await network.import_rows(
        *ROWS,
        f"{CLUB};zwierzchnik;dyrektor;Ewa Róg;ewa@dk.example",
    )
    await network.tick()  # the invitation of the eighth institution is written, and waits
    await network.change(meeting, moment="2026-12-17T12:30")
    sent = {one.address: one.occasion for one in await network.deliver()}
    assert sent == {
        str(ANNA): "meeting.changed", str(OLGA): "meeting.changed", CELINA: "meeting.changed", MARIA: "meeting.invitation",
        "ewa@dk.example": "meeting.invitation",
    }  # fmt: skip


async def test_two_changes_before_anybody_was_told_are_one_message(network: Calling) -> None:
    """What was not sent yet of the first change is not sent any more; calendars get the last state."""
    meeting = await network.called()
    await network.change(meeting, moment="2026-12-17T12:30")
    await network.change(meeting, place="Biblioteka, sala 2")
    sent = await network.deliver()
    assert [one.occasion for one in sent] == ["meeting.changed"] * 4
    for one in sent:
        (file,) = one.files
        assert (file.event["DTSTART"].value, file.event["LOCATION"].text) == ("20261217T123000", "Biblioteka, sala 2")
        assert file.event["SEQUENCE"].value == "2"


async def test_a_meeting_that_is_called_off_is_called_off_for_those_who_knew(network: Calling) -> None:
    """Everybody who was told is told; a letter that waits is not sent; whom nothing reached hears nothing."""
    meeting = await network.enter()
    await network.call(meeting)
    await network.deliver(refused={MARIA})
    await network.answer(meeting, GOPS_M, "yes", ANNA)
    await network.cancel(meeting)
    sent = await network.deliver()
    assert {one.address for one in sent} == {str(ANNA), str(OLGA), CELINA}
    for one in sent:
        assert one.occasion == "meeting.cancelled"
        assert "Sala jest zajęta" in one.said
        (file,) = one.files
        assert (file.method, file.event["STATUS"].value, file.event["SEQUENCE"].value) == ("CANCEL", "CANCELLED", "1")
    network.at("2026-12-14T10:00")
    await network.tick()
    assert await network.deliver() == []


async def test_called_off_before_anybody_heard_of_it_nobody_hears_of_it(network: Calling) -> None:
    """Called and called off within a minute, or only ever planned: no message at all."""
    called, planned = await network.enter(), await network.enter("2026-12-16T10:00")
    await network.call(called)
    await network.cancel(called)
    await network.cancel(planned)
    assert await network.deliver() == []
    assert [(await network.meeting(one)).status for one in (called, planned)] == ["cancelled", "cancelled"]


async def test_who_was_just_taken_off_and_the_meeting_called_off_is_told_the_truth(network: Calling) -> None:
    """The former head's message waits while the meeting is called off: it says that, and not that the meeting takes place."""
    meeting = await network.called()
    await network.hand_over(GOPS_M, "head", "Nowa Szefowa", "szefowa@gops.example")
    await network.tick()
    await network.cancel(meeting)
    (said,) = [one.said for one in await network.deliver() if one.address == str(ANNA)]
    assert "się nie odbędzie" in said
    assert "odbędzie się, ale" not in said


async def test_calling_off_by_night_is_told_by_night_if_it_is_for_tomorrow(network: Calling) -> None:
    """Quiet hours are kept for what can wait: the meeting of next week is called off in the morning, tomorrow's at once."""
    soon, later = await network.called("2026-12-03T08:00"), await network.called("2026-12-10T08:00")
    network.at("2026-12-02T22:30")
    await network.cancel(soon)
    await network.cancel(later)
    assert len(await network.deliver()) == 4
    network.at("2026-12-03T07:00")
    assert len(await network.deliver()) == 4


async def test_a_meeting_moved_away_from_tomorrow_is_told_by_night(network: Calling) -> None:
    """Whoever would set out in the morning for the former date has to know before."""
    meeting = await network.called("2026-12-03T08:00")
    network.at("2026-12-02T22:30")
    await network.change(meeting, moment="2026-12-20T10:00")
    assert len(await network.deliver()) == 4


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"moment": "2026-11-20T10:00"}, "has passed already"),
        ({"moment": "2027-03-28T02:30"}, "clocks are put forward"),
        ({"place": " "}, "Say where people are to meet"),
        ({"mode": "online"}, "must begin with https://"),
        ({"minutes": 5}, "from 15 to 720 minutes"),
        ({}, "Nothing would change"),
        ({"moment": "2026-12-15T10:00", "place": "Urząd Gminy, sala 7"}, "Nothing would change"),
    ],
)
async def test_what_cannot_be_changed_is_refused_in_words(network: Calling, given: dict[str, Any], said: str) -> None:
    """One sentence; nobody is told, no answer is lost."""
    meeting = await network.called()
    await network.answer(meeting, GOPS_M, "yes", ANNA)
    before = await dump(network.door)
    with pytest.raises((Refused, Invalid)) as refusal:
        await network.change(meeting, **given)
    assert said in str(refusal.value)
    assert await dump(network.door) == before


async def test_what_has_begun_is_not_changed_any_more(network: Calling) -> None:
    """From its first minute a meeting is neither moved nor called off, and a second calling off changes nothing."""
    meeting, off = await network.called(), await network.called("2026-12-16T10:00")
    await network.cancel(off)
    with pytest.raises(Refused, match="called off"):
        await network.cancel(off)
    network.at("2026-12-15T10:00")
    for act in (network.cancel(meeting), network.change(meeting, place="Gdzie indziej")):
        with pytest.raises(Refused, match="has begun"):
            await act


async def test_whether_it_took_place_is_noted_after_it_began_and_may_be_corrected(network: Calling) -> None:
    """Before its hour nothing is noted; afterwards it is, and nobody is told."""
    meeting = await network.called()

    async def close(*, held: bool) -> str:
        return (await network.door.act(lambda uow: convening.close(uow, network.ewa, meeting, held=held))).status

    with pytest.raises(Refused, match="not begun"):
        await close(held=True)
    network.at("2026-12-15T12:30")
    assert [await close(held=held) for held in (True, False, True)] == ["held", "cancelled", "held"]
    await network.tick()
    assert await network.deliver() == []


async def test_nobody_but_the_coordinator_of_this_network_changes_a_meeting(network: Calling) -> None:
    """A member, and the coordinator of another network, are answered as if there were no such meeting."""
    other = await elsewhere(network)
    meeting = await network.called()
    subject = Subject("meeting.change", network.body, meeting=meeting)
    changed = convening.MeetingChange(place="Gdzie indziej", reason="")
    off = convening.MeetingCancelled(reason="")
    for actor in (network.by(ANNA), other.ewa, Actor(0)):
        for act in (
            lambda uow, actor=actor: convening.change(uow, actor, subject, changed),
            lambda uow, actor=actor: convening.cancel(uow, actor, subject, off),
            lambda uow, actor=actor: convening.close(uow, actor, meeting, held=True),
            lambda uow, actor=actor: convening.may_change(uow, actor, subject),
            lambda uow, actor=actor: convening.may_cancel(uow, actor, subject),
        ):
            with pytest.raises(NotFound):
                await network.door.act(act)
    assert await network.deliver() == []
