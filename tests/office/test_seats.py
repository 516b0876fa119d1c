"""A place that changes hands: the former holder has no access from that moment, the new one only by an invitation."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import insert, select
from tests.office.rosters import GOPS, KIS, SCHOOL, accept, bring_in, dump, enter, holder, roster, seat_of

from konwent_bot.clock import FixedClock
from konwent_bot.errors import Invalid, KonwentError, NotFound, Refused
from konwent_bot.office import invitations, links, rosters, rounds, seats, sessions
from konwent_bot.office.door import Door
from konwent_bot.office.rights import OPERATOR, Actor, offices
from konwent_bot.office.unit import House
from konwent_bot.store.engines import open_store
from konwent_bot.store.tables import AUDIT_ENTRY, DIALOGUE, DIALOGUE_EVENT, MEMBERSHIP, PERSON, POST, SEAT

ROWS = (
    f"{GOPS};zwierzchnik;kierownik;Anna Nowak;anna@gops.example",
    f"{GOPS};osoba wskazana;asystent rodziny;Jan Kos;jan@gops.example",
    f"{SCHOOL};zwierzchnik;dyrektor;Maria Wilk;maria@szkola.example",
    f"{KIS};koordynator;case manager;Ewa Lis;ewa@kis.example",
)


async def network(door: Door, slug: str = "lsr-janow") -> int:
    """Enter a body with its roster."""
    body = await enter(door, slug)
    await bring_in(door, body, *ROWS)
    return body


async def membership_of(door: Door, seat: int) -> int:
    return int(await door.look(lambda uow: uow.execute(select(SEAT.c.membership_id).where(SEAT.c.id == seat)).scalar_one()))


async def offices_of(door: Door, person: int, body: int, membership: int | None = None) -> frozenset[str]:
    return await door.look(lambda uow: offices(uow, Actor(person), body, membership))


async def draft(door: Door, body: int, person: int, membership: int) -> int:
    """Leave a half-filled card of an institution, as a conversation under way leaves it."""
    found = await door.look(lambda uow: uow.execute(select(DIALOGUE.c.id).where(DIALOGUE.c.person_id == person)).first())
    assert found is None
    opened = await door.act(lambda uow: rounds.open_round(uow, OPERATOR, body))
    about = {
        "person_id": person,
        "subject": f"card.submit:{opened.id}:{membership}",
        "body_id": body,
        "round_id": opened.id,
        "membership_id": membership,
        "definition_id": 1,
        "state": "{}",
        "turn": 1,
    }

    def make(uow):  # type: ignore[no-untyped-def]  # a unit of work
        new = insert(DIALOGUE).values(**about, status="open", turned_at=uow.now, created_at=uow.now).returning(DIALOGUE.c.id)
        made = uow.execute(new).scalar_one()
        step = {"dialogue_id": made, "turn": 0, "kind": "answer", "question": "q", "value": '"Ola"', "at": uow.now}
        uow.execute(insert(DIALOGUE_EVENT).values(step))
        uow.execute(PERSON.update().where(PERSON.c.id == person).values(dialogue_id=made))
        return made

    return int(await door.act(make))


# --- handing over -----------------------------------------------------------------------------------------------------


async def test_the_former_holder_has_no_access_at_once(door: Door) -> None:
    """The head of the GOPS changes: the former one is nobody here from that moment, and their draft is gone."""
    body = await network(door)
    head = await seat_of(door, body, "GOPS Modliborzyce", "head")
    membership = await membership_of(door, head.id)
    anna = await accept(door, 501, seat=head.id)
    await draft(door, body, anna, membership)
    assert await offices_of(door, anna, body, membership) == {"representative"}

    done = await door.act(lambda uow: seats.hand_over(uow, OPERATOR, head.id, name=" Ola  Mak ", email="Ola@GOPS.example"))

    assert (done.place, done.former) == (head.id, anna)
    assert await offices_of(door, anna, body, membership) == frozenset()
    assert await holder(door, head.id) == done.holder != anna
    now = await seat_of(door, body, "GOPS Modliborzyce", "head")
    assert (now.name, now.email, now.accepted) == ("Ola Mak", "ola@gops.example", False)
    stored = await dump(door)
    assert stored["dialogue"] == stored["dialogue_event"] == []
    shown = select(PERSON.c.dialogue_id).where(PERSON.c.id == anna)
    assert await door.look(lambda uow: uow.execute(shown).scalar_one()) is None
    entry = select(AUDIT_ENTRY.c.subject, AUDIT_ENTRY.c.body_id).where(AUDIT_ENTRY.c.act == "seat.hand_over")
    assert (await door.look(lambda uow: uow.execute(entry).one())) == (f"seat:{head.id} former:{anna} holder:{done.holder}", body)

    ola = await accept(door, 777, seat=head.id)
    assert await offices_of(door, ola, body, membership) == {"representative"}
    assert await offices_of(door, anna, body, membership) == frozenset()


async def test_whoever_holds_another_seat_of_the_institution_keeps_their_draft(door: Door) -> None:
    """A delegate who was head too gives up the head's seat only, and goes on with the card."""
    body = await enter(door)
    who = "Anna Nowak;anna@gops.example"
    await bring_in(door, body, f"{GOPS};zwierzchnik;;{who}", f"{GOPS};osoba wskazana;;{who}")
    head = await seat_of(door, body, "GOPS Modliborzyce", "head")
    anna = await accept(door, 501, seat=head.id)
    membership = await membership_of(door, head.id)
    made = await draft(door, body, anna, membership)
    await door.act(lambda uow: seats.hand_over(uow, OPERATOR, head.id, name="Ola Mak"))
    assert [row[0] for row in (await dump(door))["dialogue"]] == [made]
    assert await offices_of(door, anna, body, membership) == {"representative"}
    delegate = await seat_of(door, body, "GOPS Modliborzyce", "delegate")
    await door.act(lambda uow: seats.vacate(uow, OPERATOR, delegate.id))
    assert (await dump(door))["dialogue"] == []
    assert await offices_of(door, anna, body, membership) == frozenset()


async def test_a_draft_for_another_institution_stays(door: Door) -> None:
    """Giving up one institution's seat does not touch what the same person writes for another."""
    body = await enter(door)
    who = "Anna Nowak;anna@gops.example"
    await bring_in(door, body, f"{GOPS};zwierzchnik;;{who}", f"{SCHOOL};osoba wskazana;;{who}")
    head = await seat_of(door, body, "GOPS Modliborzyce", "head")
    school = await seat_of(door, body, "Zespół szkół", "delegate")
    anna = await accept(door, 501, seat=head.id)
    made = await draft(door, body, anna, await membership_of(door, school.id))
    await door.act(lambda uow: seats.vacate(uow, OPERATOR, head.id))
    assert [row[0] for row in (await dump(door))["dialogue"]] == [made]


async def test_links_to_a_seat_end_when_it_changes_hands(door: Door) -> None:
    """A link sent to the former holder opens nothing after the hand-over; a link to another seat goes on working."""
    body = await network(door)
    head, delegate = [await seat_of(door, body, "GOPS Modliborzyce", role) for role in ("head", "delegate")]
    to_head, to_delegate = [
        await door.act(lambda uow, s=seat.id: invitations.issue(uow, OPERATOR, seat=s))  # type: ignore[misc]  # mypy does not see defaults
        for seat in (head, delegate)
    ]
    await door.act(lambda uow: seats.hand_over(uow, OPERATOR, head.id, name="Ola Mak", email="ola@gops.example"))
    before = await dump(door)
    with pytest.raises(Refused, match="no longer valid"):
        await door.act(lambda uow: invitations.accept(uow, to_head.token, caller=501, language="pl"))
    assert await dump(door) == before
    await door.act(lambda uow: invitations.accept(uow, to_delegate.token, caller=502, language="pl"))


async def test_a_name_nobody_stood_behind_is_forgotten(door: Door) -> None:
    """Somebody the roster named, who never accepted anything and holds nothing more, leaves no row behind."""
    body = await network(door)
    head = await seat_of(door, body, "GOPS Modliborzyce", "head")
    done = await door.act(lambda uow: seats.hand_over(uow, OPERATOR, head.id, name="Ola Mak"))
    names = await door.look(lambda uow: uow.execute(select(PERSON.c.name)).scalars().all())
    assert sorted(names) == ["Ewa Lis", "Jan Kos", "Maria Wilk", "Ola Mak"]
    assert done.former is not None


async def test_a_seat_may_wait_for_whoever_comes(door: Door) -> None:
    """A seat handed over without a name has no holder until its next invitation is accepted."""
    body = await network(door)
    head = await seat_of(door, body, "GOPS Modliborzyce", "head")
    done = await door.act(lambda uow: seats.hand_over(uow, OPERATOR, head.id))
    assert done.holder is None
    assert await holder(door, head.id) is None
    assert await accept(door, 501, seat=head.id) == await holder(door, head.id)


async def test_a_seat_may_be_handed_to_the_same_person_again(door: Door) -> None:
    """Somebody who lost their telephone is invited anew; the lost account has no access."""
    body = await network(door)
    head = await seat_of(door, body, "GOPS Modliborzyce", "head")
    membership = await membership_of(door, head.id)
    lost = await accept(door, 501, seat=head.id)
    await door.act(lambda uow: seats.hand_over(uow, OPERATOR, head.id, name="Anna Nowak", email="anna@gops.example"))
    found = await accept(door, 502, seat=head.id)
    assert await offices_of(door, lost, body, membership) == frozenset()
    assert await offices_of(door, found, body, membership) == {"representative"}


async def test_a_vacated_seat_is_nobodys(door: Door) -> None:
    """A vacated seat shows among those that wait, keeps its title, and its holder is out."""
    body = await network(door)
    head = await seat_of(door, body, "GOPS Modliborzyce", "head")
    anna = await accept(door, 501, seat=head.id)
    done = await door.act(lambda uow: seats.vacate(uow, OPERATOR, head.id))
    assert (done.former, done.holder) == (anna, None)
    assert await holder(door, head.id) is None
    facts = await seat_of(door, body, "GOPS Modliborzyce", "head")
    assert (facts.name, facts.email, facts.accepted) == ("", "", False)
    waiting = await door.look(lambda uow: invitations.vacant(uow, body))
    assert head.id in {place.seat for place in waiting}
    assert [place.title for place in waiting if place.seat == head.id] == ["kierownik"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"name": "Ola", "email": "ola"}, "not a correct e-mail"),
        ({"email": "ola@gops.example, jan@gops.example"}, "not a correct e-mail"),
        ({"email": "ola@gops.example\nBcc: x@y.example"}, "not a correct e-mail"),
        ({"name": "=HYPERLINK(1)"}, "first and last name"),
        ({"name": "x" * 201}, "at most 200"),
    ],
)
async def test_a_wrong_name_or_address_changes_nothing(door: Door, given: dict[str, str], sentence: str) -> None:
    """A slip in the new holder's name or address gives a sentence, and the seat stays as it is."""
    body = await network(door)
    head = await seat_of(door, body, "GOPS Modliborzyce", "head")
    before = await dump(door)
    with pytest.raises(Invalid, match=sentence):
        await door.act(lambda uow: seats.hand_over(uow, OPERATOR, head.id, **given))
    with pytest.raises(Invalid, match=sentence):
        await door.act(
            lambda uow: seats.give_post(uow, OPERATOR, body, "chair", name=given.get("name", ""), email=given.get("email", ""))
        )
    assert await dump(door) == before


# --- posts ------------------------------------------------------------------------------------------------------------


async def test_a_post_goes_to_somebody_new(door: Door) -> None:
    """The first coordinator of a body without a roster comes from the command line and accepts an invitation."""
    body = await enter(door)
    done = await door.act(
        lambda uow: seats.give_post(uow, OPERATOR, body, "coordinator", name="Ewa Lis", email="ewa@kis.example")
    )
    assert (done.former, done.known) == (None, False)
    ewa = await accept(door, 501, post=done.place)
    assert ewa == done.holder
    assert await offices_of(door, ewa, body) == {"coordinator"}


async def test_a_post_given_on_leaves_its_former_holder_without_it(door: Door) -> None:
    """A coordinator who gives the post away has no right of it any more; the post keeps its number."""
    body = await network(door)
    [post] = await door.look(lambda uow: seats.posts_of(uow, OPERATOR, body))
    ewa = await accept(door, 501, post=post.id)
    done = await door.act(
        lambda uow: seats.give_post(uow, Actor(ewa), body, "coordinator", name="Adam Bąk", email="adam@kis.example")
    )
    assert (done.place, done.former) == (post.id, ewa)
    assert await offices_of(door, ewa, body) == frozenset()
    with pytest.raises(NotFound):
        await door.act(lambda uow: seats.give_post(uow, Actor(ewa), body, "coordinator", name="Ewa Lis"))
    adam = await accept(door, 502, post=post.id)
    assert await offices_of(door, adam, body) == {"coordinator"}


async def test_a_post_goes_to_the_holder_of_a_seat_at_once(door: Door) -> None:
    """A head who has accepted becomes chair without another invitation; one who has not needs one."""
    body = await network(door)
    head = await seat_of(door, body, "GOPS Modliborzyce", "head")
    anna = await accept(door, 501, seat=head.id)
    done = await door.act(lambda uow: seats.give_post(uow, OPERATOR, body, "chair", seat=head.id))
    assert (done.holder, done.known) == (anna, True)
    assert await offices_of(door, anna, body) == {"chair"}
    stored = await door.look(lambda uow: uow.execute(select(POST).where(POST.c.id == done.place)).one())
    assert (stored.membership_id, stored.title, stored.name) == (await membership_of(door, head.id), "kierownik", "Anna Nowak")
    delegate = await seat_of(door, body, "GOPS Modliborzyce", "delegate")
    done = await door.act(lambda uow: seats.give_post(uow, OPERATOR, body, "chair", seat=delegate.id))
    assert (done.former, done.known) == (anna, False)
    assert await offices_of(door, anna, body) == frozenset()


async def test_links_to_a_post_end_when_it_is_given_on(door: Door) -> None:
    """A link to the post sent to somebody else opens nothing once the post is given on."""
    body = await enter(door)
    given = await door.act(lambda uow: seats.give_post(uow, OPERATOR, body, "coordinator", name="Ewa Lis"))
    old = await door.act(lambda uow: invitations.issue(uow, OPERATOR, post=given.place))
    await door.act(lambda uow: seats.give_post(uow, OPERATOR, body, "coordinator", name="Adam Bąk"))
    with pytest.raises(Refused, match="no longer valid"):
        await door.act(lambda uow: invitations.accept(uow, old.token, caller=501, language="pl"))
    names = await door.look(lambda uow: uow.execute(select(PERSON.c.name)).scalars().all())
    assert names == ["Adam Bąk"]


async def test_what_is_wrong_with_a_post_is_named(door: Door) -> None:
    """An unknown post, nobody named, a vacant seat and a seat of another body are each refused in words."""
    body, other = await network(door), await network(door, "lsr-ilawa")
    foreign = await seat_of(door, other, "GOPS Modliborzyce", "head")
    vacant = await seat_of(door, body, "Zespół szkół", "head")
    await door.act(lambda uow: seats.vacate(uow, OPERATOR, vacant.id))
    before = await dump(door)
    for error, sentence, where, kind, given in (
        (Invalid, "There is no post king", body, "king", {"name": "Ola"}),
        (Invalid, "Say who is to have the post", body, "chair", {}),
        (Invalid, "counted from 1", body, "chair", {"name": "Ola", "number": 0}),
        (Refused, "Nobody holds this seat", body, "chair", {"seat": vacant.id}),
        (NotFound, "no such matter", body, "chair", {"seat": foreign.id}),
        (NotFound, "no such matter", 999, "chair", {"name": "Ola"}),
    ):
        with pytest.raises(error, match=sentence):
            await door.act(lambda uow, w=where, k=kind, g=given: seats.give_post(uow, OPERATOR, w, k, **g))  # type: ignore[misc]
    assert await dump(door) == before


# --- browsers ---------------------------------------------------------------------------------------------------------


async def signed_in(door: Door, person: int) -> tuple[str, str]:
    """Let a person in by a browser, and give them another link they have not used; give cookie and link."""
    first, second = [await door.act(lambda uow: links.issue(uow, person, "enter")) for _ in range(2)]
    entered = await door.act(lambda uow: sessions.enter(uow, first.token, browser=sessions.new_cookie()))
    return entered.token, second.token


async def is_in(door: Door, given: tuple[str, str]) -> bool:
    """Tell whether cookie and link both still open something; they must agree."""
    cookie, link = given
    if await door.look(lambda uow: sessions.find(uow, cookie)) is None:
        with pytest.raises(Refused, match="no longer valid"):
            await door.look(lambda uow: links.look(uow, link, "enter"))
        return False
    await door.look(lambda uow: links.look(uow, link, "enter"))
    return True


@pytest.mark.parametrize("change", ["hand over", "vacate"])
async def test_the_former_holder_is_signed_out_at_once(door: Door, change: str) -> None:
    """A seat changes hands while its holder has a page open and a letter with a link: both end; nobody else's do."""
    body = await network(door)
    head, delegate = [await seat_of(door, body, "GOPS Modliborzyce", role) for role in ("head", "delegate")]
    anna, jan = await accept(door, 501, seat=head.id), await accept(door, 502, seat=delegate.id)
    hers, his = await signed_in(door, anna), await signed_in(door, jan)
    assert await is_in(door, hers)
    if change == "hand over":
        await door.act(lambda uow: seats.hand_over(uow, OPERATOR, head.id, name="Ola Mak"))
    else:
        await door.act(lambda uow: seats.vacate(uow, OPERATOR, head.id))
    assert not await is_in(door, hers)
    assert await is_in(door, his)
    assert await door.look(lambda uow: sessions.former(uow, hers[0])) is None  # nothing more is kept for it


async def test_whoever_keeps_another_place_comes_in_anew(door: Door) -> None:
    """A head who is coordinator too gives the seat up: signed out like anybody, and let in again by a new link to what is left."""
    body = await network(door)
    head = await seat_of(door, body, "GOPS Modliborzyce", "head")
    anna = await accept(door, 501, seat=head.id)
    await door.act(lambda uow: seats.give_post(uow, OPERATOR, body, "chair", seat=head.id))
    before = await signed_in(door, anna)
    await door.act(lambda uow: seats.hand_over(uow, OPERATOR, head.id, name="Ola Mak"))
    assert not await is_in(door, before)
    assert await is_in(door, await signed_in(door, anna))
    assert await offices_of(door, anna, body) == {"chair"}


async def test_a_post_given_away_signs_its_former_holder_out(door: Door) -> None:
    """A coordinator who is followed by somebody else is signed out; one who is only confirmed in the post is not."""
    body = await network(door)
    head = await seat_of(door, body, "GOPS Modliborzyce", "head")
    anna = await accept(door, 501, seat=head.id)
    await door.act(lambda uow: seats.give_post(uow, OPERATOR, body, "chair", seat=head.id))
    given = await signed_in(door, anna)
    await door.act(lambda uow: seats.give_post(uow, OPERATOR, body, "chair", seat=head.id))
    assert await is_in(door, given)
    await door.act(lambda uow: seats.give_post(uow, OPERATOR, body, "chair", name="Ola Mak"))
    assert not await is_in(door, given)


async def test_a_roster_takes_no_place_from_whoever_is_in(door: Door) -> None:
    """A file that names somebody else for an accepted place is refused whole; one that corrects an address signs nobody out."""
    body = await network(door)
    head = await seat_of(door, body, "GOPS Modliborzyce", "head")
    [post] = await door.look(lambda uow: seats.posts_of(uow, OPERATOR, body))
    anna, ewa = await accept(door, 501, seat=head.id), await accept(door, 502, post=post.id)
    given = [await signed_in(door, person) for person in (anna, ewa)]
    for row in (
        f"{GOPS};zwierzchnik;kierownik;Ola Mak;ola@gops.example",
        f"{GOPS};zwierzchnik;kierownik;Ola Mak;anna@gops.example",
        f"{KIS};koordynator;case manager;Ola Mak;ola@kis.example",
    ):
        before = await dump(door)
        with pytest.raises(Invalid):
            await bring_in(door, body, row)
        assert await dump(door) == before
    await bring_in(
        door,
        body,
        f"{GOPS};zwierzchnik;kierownik;Anna Nowak;nowa@gops.example",
        f"{GOPS};osoba wskazana;asystent rodziny;Ola Mak;ola@gops.example",  # Jan has accepted nothing: the file may
        f"{KIS};koordynator;case manager;Ewa Lis;nowa@kis.example",
    )
    assert [await holder(door, head.id), [await is_in(door, one) for one in given]] == [anna, [True, True]]


async def test_places_of_somebody_who_left_go_to_whoever_accepts_them(door: Door) -> None:
    """Anna has left, and Jan takes her seat: her row is forgotten with the sessions and links it had, and none of them is his."""
    body = await network(door)
    head, delegate = [await seat_of(door, body, "GOPS Modliborzyce", role) for role in ("head", "delegate")]
    anna, jan = await accept(door, 501, seat=head.id), await accept(door, 502, seat=delegate.id)
    cookie, link = await signed_in(door, anna)
    await door.act(lambda uow: sessions.end_all(uow, anna))
    gone = PERSON.update().where(PERSON.c.id == anna).values(telegram_id=None, accepted_at=None)
    await door.act(lambda uow: uow.execute(gone) and None)
    assert await accept(door, 502, seat=head.id) == jan == await holder(door, head.id)
    people = await door.look(lambda uow: uow.execute(select(PERSON.c.id)).scalars().all())
    assert anna not in people
    assert await door.look(lambda uow: sessions.find(uow, cookie)) is None
    with pytest.raises(NotFound, match="not one of ours"):
        await door.look(lambda uow: links.look(uow, link, "enter"))


# --- rights and races -------------------------------------------------------------------------------------------------


async def test_the_coordinator_of_another_body_changes_nothing_here(door: Door) -> None:
    """What a coordinator does in their own body, they cannot do in another; nor can a head, a former coordinator, a stranger."""
    janow, ilawa = await network(door), await network(door, "lsr-ilawa")
    [post] = await door.look(lambda uow: seats.posts_of(uow, OPERATOR, janow))
    coordinator = Actor(await accept(door, 501, post=post.id))
    here = await seat_of(door, janow, "GOPS Modliborzyce", "head")
    there = await seat_of(door, ilawa, "GOPS Modliborzyce", "head")
    head = Actor(await accept(door, 502, seat=here.id))

    def acts(who: Actor, body: int, seat: int):  # type: ignore[no-untyped-def]  # a list of acts
        return [
            lambda uow: seats.hand_over(uow, who, seat, name="Ola Mak"),
            lambda uow: seats.vacate(uow, who, seat),
            lambda uow: seats.give_post(uow, who, body, "chair", name="Ola Mak"),
            lambda uow: seats.seats_of(uow, who, body),
            lambda uow: seats.posts_of(uow, who, body),
            lambda uow: rosters.preview(uow, who, body, roster(*ROWS)),
            lambda uow: rosters.import_roster(uow, who, body, roster(*ROWS, f"{KIS};protokolant;;Ola Mak;")),
        ]

    before = await dump(door)
    for who, body, seat in ((coordinator, ilawa, there.id), (head, janow, here.id), (Actor(999), janow, here.id)):
        for act in acts(who, body, seat):
            with pytest.raises(NotFound, match="no such matter"):
                await door.act(act)
    assert await dump(door) == before
    for act in acts(coordinator, janow, here.id):
        await door.act(act)
    assert await offices_of(door, head.person or 0, janow, await membership_of(door, here.id)) == frozenset()


async def test_a_seat_of_an_institution_that_left_is_no_seat(door: Door) -> None:
    """After an institution has left the body its seats are handed to nobody."""
    body = await network(door)
    head = await seat_of(door, body, "GOPS Modliborzyce", "head")
    membership = await membership_of(door, head.id)
    await door.act(lambda uow: uow.execute(MEMBERSHIP.update().where(MEMBERSHIP.c.id == membership).values(left_on=uow.today)))
    for act in (seats.hand_over, seats.vacate):
        with pytest.raises(NotFound):
            await door.act(lambda uow, do=act: do(uow, OPERATOR, head.id))  # type: ignore[misc]
    assert {one.short_name for one in await door.look(lambda uow: seats.seats_of(uow, OPERATOR, body))} == {"Zespół szkół"}


async def test_accepting_and_handing_over_at_once_leaves_one_holder(
    door: Door, database_url: str, clock: FixedClock, house: House
) -> None:
    """The former head accepts an old link in the moment the seat is handed over: afterwards they have no access, either way."""
    body = await network(door)
    other = open_store(database_url)
    second = Door(other, clock, house)
    head = await seat_of(door, body, "GOPS Modliborzyce", "head")
    membership = await membership_of(door, head.id)
    for round_ in range(8):
        issued = await door.act(lambda uow: invitations.issue(uow, OPERATOR, seat=head.id))
        done = await asyncio.gather(
            second.act(lambda uow, i=issued, n=round_: invitations.accept(uow, i.token, caller=600 + n, language="pl")),  # type: ignore[misc]
            door.act(lambda uow, n=round_: seats.hand_over(uow, OPERATOR, head.id, name=f"Ola {n}")),  # type: ignore[misc]
            return_exceptions=True,
        )
        assert all(not isinstance(answer, BaseException) or isinstance(answer, KonwentError) for answer in done), done
        assert isinstance(done[1], seats.Changed)
        assert await holder(door, head.id) == done[1].holder
        late = select(PERSON.c.id).where(PERSON.c.telegram_id == 600 + round_)
        for person in await door.look(lambda uow, q=late: uow.execute(q).scalars().all()):  # type: ignore[misc]
            assert await offices_of(door, person, body, membership) == frozenset()
    await other.close()
