"""People come, go and send somebody else while a meeting is ahead: whoever it concerns is told, and nobody else."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update
from tests.office.meetings.calling import ANNA, BOGDAN, CLUB, EWA, GOPS_M, LIBRARY_M, OLGA, OPS_J, ROWS, SCHOOL_M, Calling, Sent
from tests.office.rosters import accept

from konwent_bot.errors import Invalid, NotFound, Refused
from konwent_bot.office import channels, seats
from konwent_bot.office.meetings import answers, calls, guests
from konwent_bot.office.meetings.guests import Invited
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import MEETING_CALL, MEMBERSHIP


def asks(sent: Sent) -> tuple[str, str, int, bool]:
    """Give what a message's file asks a calendar for: method, whom, number, and whether it says that the meeting is off."""
    (file,) = sent.files
    event = file.event
    return (
        file.method,
        event["ATTENDEE"].value.removeprefix("mailto:"),
        int(event["SEQUENCE"].value),
        "STATUS" in event and event["STATUS"].value == "CANCELLED",
    )


async def guest(network: Calling, meeting: int, email: str = "burmistrz@gmina.example") -> int:
    """Invite the mayor; give their number."""
    said = Invited(name="Barbara Burmistrz", function="burmistrz", email=email, language="pl")
    done = await network.door.act(
        lambda uow: guests.invite(uow, network.ewa, Subject("guest.invite", network.body, meeting=meeting), said)
    )
    assert done.made is not None
    return done.made


async def test_one_institution_more_is_one_message_more(network: Calling) -> None:
    """An institution that joins a network whose meeting is called is invited; nobody else hears anything."""
    meeting = await network.called()
    await network.import_rows(*ROWS, f"{CLUB};zwierzchnik;dyrektor;Ewa Róg;ewa@dk.example")
    await network.tick()
    (one,) = await network.deliver()
    assert (one.occasion, one.address) == ("meeting.invitation", "ewa@dk.example")
    assert asks(one)[:2] == ("REQUEST", "ewa@dk.example")
    await network.tick()
    assert await network.deliver() == []
    assert (await network.meeting(meeting)).revision == 1


@pytest.mark.parametrize("accepted", [True, False], ids=["uses the bot", "was only written to"])
async def test_a_hand_over_takes_the_entry_back_from_who_had_it_and_invites_who_has_it(network: Calling, accepted: bool) -> None:
    """The former head is told where they were told, with a file that takes one entry back and does not say the meeting is off."""
    meeting = await network.called()
    institution, former = (GOPS_M, "anna@gops.example") if accepted else (SCHOOL_M, "maria@szkola.example")
    await network.hand_over(institution, "head", "Nowa Osoba", "nowa@instytucja.example")
    await network.tick()
    sent = {one.occasion: one for one in await network.deliver()}
    assert set(sent) == {"meeting.withdrawn", "meeting.invitation"}
    back, invited = sent["meeting.withdrawn"], sent["meeting.invitation"]
    assert asks(back)[0:2] == ("CANCEL", former)
    assert "STATUS" not in back.files[0].event
    if accepted:
        assert (back.channel, back.address) == ("telegram", str(ANNA))
    else:
        assert (back.channel, back.address) == ("mail", former)
    assert (invited.address, asks(invited)[:2]) == ("nowa@instytucja.example", ("REQUEST", "nowa@instytucja.example"))
    assert 0 < asks(back)[2] < asks(invited)[2]
    await network.tick()
    assert await network.deliver() == []
    assert (await network.meeting(meeting)).status == "convened"


async def test_whoever_was_never_told_is_not_told_that_they_are_not_called(network: Calling) -> None:
    """A head who leaves before the invitation went out hears nothing; whoever comes after them, and leaves too, neither."""
    meeting = await network.enter()
    await network.call(meeting)
    await network.hand_over(SCHOOL_M, "head", "Pierwsza Nowa", "pierwsza@szkola.example")
    await network.tick()
    await network.hand_over(SCHOOL_M, "head", "Druga Nowa", "druga@szkola.example")
    await network.tick()
    assert [one.address for one in await network.deliver() if "szkola" in one.address] == ["druga@szkola.example"]


async def test_a_new_head_who_was_not_told_yet_is_invited_to_the_new_date(network: Calling) -> None:
    """The seat was told once, but its holder now was not: they get an invitation, not a change; and nothing if it is called off."""
    meeting = await network.called()
    await network.hand_over(SCHOOL_M, "head", "Nowa Dyrektor", "nowa@szkola.example")
    await network.tick()
    await network.change(meeting, moment="2026-12-16T10:00")
    told = await network.told()
    assert (f"{SCHOOL_M} head", "invitation") in told
    assert (f"{SCHOOL_M} head", "changed") not in told
    await network.hand_over(SCHOOL_M, "head", "Jeszcze Nowsza", "nowsza@szkola.example")
    await network.tick()
    await network.cancel(meeting)
    sent = await network.deliver()
    assert not [one for one in sent if one.address == "nowsza@szkola.example"]
    (nowa,) = [one for one in sent if one.address == "nowa@szkola.example"]
    assert "się nie odbędzie" in nowa.said


async def test_a_hand_over_and_a_change_in_one_breath_reach_the_right_people(network: Calling) -> None:
    """Before the clock has looked: the former head is told that they are not called, the new one is invited once, to the new date."""
    meeting = await network.called()
    await network.hand_over(GOPS_M, "head", "Nowa Szefowa", "szefowa@gops.example")
    await network.change(meeting, moment="2026-12-17T12:00")
    sent = await network.deliver()
    assert sorted((one.address, one.occasion) for one in sent if one.address in (str(ANNA), "szefowa@gops.example")) == [
        (str(ANNA), "meeting.withdrawn"), ("szefowa@gops.example", "meeting.invitation"),
    ]  # fmt: skip
    await network.tick()
    assert await network.deliver() == []


async def test_a_hand_over_and_calling_off_in_one_breath_reach_who_knew(network: Calling) -> None:
    """The former head knew of the meeting and is told that it is off; the new one never heard of it and does not now."""
    meeting = await network.called()
    await network.hand_over(GOPS_M, "head", "Nowa Szefowa", "szefowa@gops.example")
    await network.cancel(meeting)
    sent = await network.deliver()
    assert {one.address for one in sent} == {str(ANNA), str(OLGA), "maria@szkola.example", "celina@biblioteka.example"}
    assert all("się nie odbędzie" in one.said for one in sent)


async def test_an_institution_that_leaves_is_told_and_nobody_else(network: Calling) -> None:
    """The library leaves the network: its person's entry is taken back."""
    await network.called()
    membership = await network.membership_of(LIBRARY_M)

    def leave(uow: UnitOfWork) -> None:
        uow.execute(update(MEMBERSHIP).where(MEMBERSHIP.c.id == membership).values(left_on=uow.today))
        calls.recheck(uow, network.body)

    await network.door.act(leave)
    await network.tick()
    (one,) = await network.deliver()
    assert (one.occasion, one.address) == ("meeting.withdrawn", "celina@biblioteka.example")
    assert asks(one)[0] == "CANCEL"


async def test_a_vacancy_that_is_filled_calls_the_head_instead(network: Calling) -> None:
    """Until now the library's delegate stood in; the new head is called, the delegate is not any more."""
    await network.called()
    await network.import_rows(
        *ROWS,
        "Biblioteka Publiczna w Modliborzycach;Biblioteka;C;kultura;Modliborzyce;zwierzchnik;dyrektor;Nina Ruta;nina@biblioteka.example",
    )
    await network.tick()
    assert [(one.address, one.occasion) for one in sorted(await network.deliver(), key=lambda one: one.address)] == [
        ("celina@biblioteka.example", "meeting.withdrawn"), ("nina@biblioteka.example", "meeting.invitation"),
    ]  # fmt: skip


async def test_somebody_called_by_another_place_is_not_told_the_contrary(network: Calling) -> None:
    """Bogdan becomes head of his institution: he is invited as its head, and his calendar ends with the meeting in it."""
    await network.called(kind="operational")
    seat = await network.seat(GOPS_M, "delegate")
    head = await network.seat(GOPS_M, "head")
    await network.door.act(lambda uow: seats.vacate(uow, network.ewa, head))
    await accept(network.door, BOGDAN, seat=head)
    await network.door.act(lambda uow: seats.vacate(uow, network.ewa, seat))
    await network.tick()
    mine = [one for one in await network.deliver() if one.address == str(BOGDAN)]
    assert [one.occasion for one in mine] == ["meeting.invitation"]
    assert asks(mine[0])[0] == "REQUEST"
    assert asks(mine[0])[2] > 0


async def test_accepting_the_invitation_to_the_network_calls_nobody_anew(network: Calling) -> None:
    """Maria was invited by e-mail; that she uses the bot from now on makes her no other person."""
    await network.called()
    await accept(network.door, 3099, seat=await network.seat(SCHOOL_M, "head"))
    await network.tick()
    assert await network.deliver() == []


async def test_a_substitute_for_one_meeting_is_called_beside_the_head(network: Calling) -> None:
    """Exactly the substitute is called; the head keeps the call; a yes afterwards takes the substitute's back."""
    meeting = await network.called()
    seat = await network.substitute(meeting, GOPS_M, ANNA, "zofia@gops.example")
    (one,) = await network.deliver()
    assert (one.recipient, one.occasion, one.address) == (f"seat:{seat}", "meeting.invitation", "zofia@gops.example")
    assert await network.answered(meeting) == {GOPS_M: "substitute"}
    await network.answer(meeting, GOPS_M, "yes", ANNA)
    (one,) = await network.deliver()
    assert (one.occasion, one.address, asks(one)[0]) == ("meeting.withdrawn", "zofia@gops.example", "CANCEL")
    await network.answer(meeting, GOPS_M, "no", BOGDAN)
    assert await network.deliver() == []
    living = select(MEETING_CALL.c.seat_id).where(MEETING_CALL.c.meeting_id == meeting, MEETING_CALL.c.withdrawn_at.is_(None))
    called = await network.door.look(lambda uow: set(uow.execute(living).scalars()))
    assert await network.seat(GOPS_M, "head") in called
    assert seat not in called


async def test_a_substitute_for_one_meeting_answers_at_that_one_only(network: Calling) -> None:
    """Zofia may answer for GOPS at her meeting, name nobody, and does not exist at another one; for good she may everywhere."""
    first, second = await network.called(), await network.called("2026-12-16T10:00")
    seat = await network.substitute(first, GOPS_M, ANNA, "zofia@gops.example")
    network.persons[9] = await accept(network.door, 3100, seat=seat)
    await network.answer(first, GOPS_M, "no", 9)
    with pytest.raises(NotFound):
        await network.answer(second, GOPS_M, "no", 9)
    with pytest.raises(NotFound):
        await network.substitute(first, GOPS_M, 9, "inna@gops.example")
    constant = await network.substitute(first, GOPS_M, ANNA, "stala@gops.example", "always")
    network.persons[10] = await accept(network.door, 3101, seat=constant)
    await network.answer(second, GOPS_M, "yes", 10)
    with pytest.raises(NotFound):
        await network.substitute(second, GOPS_M, 10, "inna@gops.example", "always")


async def test_a_substitute_is_one_of_the_own_institution(network: Calling) -> None:
    """A place of another institution, a head's place, or somebody named for another meeting is no substitute here."""
    first, second = await network.called(), await network.called("2026-12-16T10:00")
    elsewhere = await network.substitute(first, OPS_J, OLGA, "zofia@ops.example", "always")
    other = await network.substitute(second, GOPS_M, ANNA, "zofia@gops.example")
    membership = await network.membership_of(GOPS_M)
    for seat in (elsewhere, other, await network.seat(GOPS_M, "head"), 0):
        with pytest.raises(NotFound):
            await network.door.act(
                lambda uow, seat=seat: answers.answer(uow, network.by(ANNA), first, membership, "substitute", seat=seat)  # type: ignore[misc]  # mypy sees no default
            )
    with pytest.raises(NotFound):
        await network.answer(first, GOPS_M, "substitute", ANNA)


@pytest.mark.parametrize("email", ["", "to nie adres", "a@b"])
async def test_a_substitute_needs_an_address(network: Calling, email: str) -> None:
    """Somebody who cannot be told is no help."""
    meeting = await network.called()
    with pytest.raises((Invalid, ValueError)):
        await network.substitute(meeting, GOPS_M, ANNA, email)
    assert await network.deliver() == []


async def test_an_institution_has_ten_substitutes_at_most(network: Calling) -> None:
    """Whoever goes on naming people is stopped in words."""
    meeting = await network.called()
    for number in range(10):
        await network.substitute(meeting, GOPS_M, ANNA, f"z{number}@gops.example")
    with pytest.raises(Refused, match="10 substitutes already"):
        await network.substitute(meeting, GOPS_M, ANNA, "z11@gops.example")


async def test_a_guest_is_invited_and_taken_off_again(network: Calling) -> None:
    """The mayor is invited as a guest, taken off, told of it, and invited again; nobody else hears anything."""
    meeting = await network.called()
    number = await guest(network, meeting)
    (one,) = await network.deliver()
    assert (one.recipient, one.occasion) == (f"guest:{number}", "meeting.invitation")
    assert one.files[0].event["ATTENDEE"].parameters["ROLE"] == "OPT-PARTICIPANT"
    await network.door.act(lambda uow: guests.remove(uow, network.ewa, number))
    (off,) = await network.deliver()
    assert (off.occasion, off.address, asks(off)[0]) == ("meeting.withdrawn", "burmistrz@gmina.example", "CANCEL")
    await guest(network, meeting)
    (again,) = await network.deliver()
    assert again.occasion == "meeting.invitation"
    assert asks(one)[2] < asks(off)[2] < asks(again)[2]


async def test_somebody_who_left_the_secretariat_speaks_for_nobody(network: Calling) -> None:
    """A former head answers nothing and sees nothing, and neither does the coordinator answer where they do not represent."""
    meeting = await network.called()
    await network.hand_over(GOPS_M, "head", "Nowa Szefowa", "szefowa@gops.example")
    for who in (ANNA, EWA):
        with pytest.raises(NotFound):
            await network.answer(meeting, GOPS_M, "yes", who)
    assert await network.answered(meeting) == {}


async def test_a_word_to_who_was_called_before_outlives_what_happens_to_the_place(network: Calling) -> None:
    """Maria's letter that takes her entry back still waits when the meeting changes: she gets it all the same, and nothing else."""
    meeting = await network.called()
    await network.hand_over(SCHOOL_M, "head", "Nowa Dyrektor", "nowa@szkola.example")
    await network.tick()
    await network.change(meeting, place="Biblioteka")
    sent = {one.address: one for one in await network.deliver()}
    assert sent["maria@szkola.example"].occasion == "meeting.withdrawn"
    assert sent["nowa@szkola.example"].occasion == "meeting.invitation"


async def test_whose_address_takes_nothing_is_not_called_and_the_other_person_is(network: Calling) -> None:
    """A mail server refused Maria's letters for good: nobody of her school can be told; with a colleague there is somebody."""
    await network.door.act(lambda uow: channels.mail_refused(uow, "maria@szkola.example"))
    meeting = await network.called()
    heard = {one.recipient for one in await network.deliver()}
    assert f"seat:{await network.seat(SCHOOL_M, 'head')}" not in heard
    school = "Zespół szkół w Modliborzycach;Zespół szkół;C;edukacja;Modliborzyce"
    await network.import_rows(*ROWS, f"{school};osoba wskazana;pedagog;Piotr Wąs;piotr@szkola.example")
    await network.tick()
    assert [one.address for one in await network.deliver()] == ["piotr@szkola.example"]
    assert (await network.meeting(meeting)).status == "convened"


async def test_a_refused_invitation_lets_the_other_person_be_called(network: Calling) -> None:
    """The library's head gets a colleague's call once it turns out that letters to her come back; nobody is told that she is not called."""
    await network.import_rows(
        *ROWS,
        "Biblioteka Publiczna w Modliborzycach;Biblioteka;C;kultura;Modliborzyce;zwierzchnik;dyrektor;Nina Ruta;nina@biblioteka.example",
    )
    await network.call(await network.enter())
    sent = {one.address for one in await network.deliver(refused={"nina@biblioteka.example"})}
    assert "celina@biblioteka.example" not in sent
    await network.door.act(lambda uow: channels.mail_refused(uow, "nina@biblioteka.example"))
    await network.tick()
    assert [(one.address, one.occasion) for one in await network.deliver()] == [
        ("celina@biblioteka.example", "meeting.invitation")
    ]


async def test_a_guest_who_is_taken_off_and_invited_again_before_the_letter_went_is_not_told_the_contrary(
    network: Calling,
) -> None:
    """By night the coordinator changes her mind twice: in the morning there is one letter, and it invites."""
    meeting = await network.called()
    number = await guest(network, meeting)
    await network.deliver()
    network.at("2026-11-24T22:00")
    await network.door.act(lambda uow: guests.remove(uow, network.ewa, number))
    assert await network.deliver() == []
    await guest(network, meeting)
    network.at("2026-11-25T08:00")
    assert [one.occasion for one in await network.deliver()] == ["meeting.invitation"]
    network.at("2026-11-25T22:00")
    await network.door.act(lambda uow: guests.remove(uow, network.ewa, number))
    await network.deliver()
    await guest(network, meeting)
    await network.door.act(lambda uow: guests.remove(uow, network.ewa, number))
    network.at("2026-11-26T08:00")
    assert [one.occasion for one in await network.deliver()] == ["meeting.withdrawn"]
