"""What a coordinator sees of a body: true figures, how each person is reached, which letter still counts, and nothing of others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import event, update
from tests.office.rosters import GOPS, KIS, SCHOOL, accept, bring_in, enter, seat_of
from tests.office.test_uploads import coordinator

from konwent_bot.clock import FixedClock
from konwent_bot.errors import NotFound
from konwent_bot.office import desk, invitations, notices, people, rounds, seats, sessions
from konwent_bot.office.desk import Place
from konwent_bot.office.door import Door
from konwent_bot.office.rights import OPERATOR, Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import MEMBERSHIP, NOTICE, PERSON

ROWS = (
    f"{GOPS};zwierzchnik;kierownik;Anna Nowak;anna@gops.example",
    f"{GOPS};osoba wskazana;asystent rodziny;Jan Kos;jan@gops.example",
    f"{SCHOOL};zwierzchnik;dyrektor;Maria Wilk;",
    f"{KIS};koordynator;case manager;Ewa Lis;ewa@kis.example",
)


async def network(door: Door, slug: str = "lsr-janow", telegram: int = 1) -> tuple[int, Actor]:
    """Enter a body with its roster and let its coordinator in."""
    body = await enter(door, slug)
    await bring_in(door, body, *ROWS)
    return body, await coordinator(door, body, telegram)


async def head(door: Door, body: int, of: str = "GOPS Modliborzyce") -> int:
    """Give the seat of an institution's head."""
    return (await seat_of(door, body, of, "head")).id


async def seen(door: Door, ewa: Actor, seat: int) -> Place:
    """Look at a seat."""
    return await door.look(lambda uow: desk.seat(uow, ewa, seat))


async def sent(door: Door, seat: int, outcome: str = "sent") -> None:
    """Let the courier do its work on the letter to a seat: the link is made, the letter goes, the end is recorded."""
    await door.act(lambda uow: invitations.issue(uow, OPERATOR, seat=seat))
    ended = update(NOTICE).where(NOTICE.c.recipient == f"seat:{seat}", NOTICE.c.settled_at.is_(None))
    await door.act(lambda uow: uow.execute(ended.values(settled_at=uow.now, outcome=outcome)))


async def test_the_figures_are_true(door: Door, clock: FixedClock) -> None:
    """Institutions, places and those accepted (posts too), and the round that is open; later the newest one."""
    body, ewa = await network(door)
    found = await door.look(lambda uow: desk.desk(uow, ewa, body))
    assert (found.body_name, found.institutions, found.places, found.accepted, found.round) == (
        "Lokalna Sieć lsr-janow",
        3,
        4,
        1,
        None,
    )
    await accept(door, 5, seat=await head(door, body))
    await door.act(lambda uow: rounds.open_round(uow, OPERATOR, body))
    found = await door.look(lambda uow: desk.desk(uow, ewa, body))
    assert (found.places, found.accepted) == (4, 2)
    assert found.round is not None
    assert (found.round.open, found.round.received, found.round.asked) == (True, 0, 3)
    clock.move(timedelta(days=60))
    found = await door.look(lambda uow: desk.desk(uow, ewa, body))
    assert found.round is not None
    assert not found.round.open


async def test_members_are_listed_with_their_seats(door: Door) -> None:
    """By name, with seats and how many are accepted; an institution that has left is gone from everywhere."""
    body, ewa = await network(door)
    seat = await head(door, body)
    await accept(door, 5, seat=seat)
    found = await door.look(lambda uow: desk.members(uow, ewa, body))
    assert [(one.short_name, one.places, one.accepted) for one in found] == [
        ("GOPS Modliborzyce", 2, 1), ("KIS Janów", 0, 0), ("Zespół szkół", 1, 0),
    ]  # fmt: skip
    membership = found[0].membership
    gops = await door.look(lambda uow: desk.institution(uow, ewa, membership))
    assert (gops.name, gops.town, gops.stakeholder_type, gops.sector) == (
        "Gminny Ośrodek Pomocy Społecznej w Modliborzycach", "Modliborzyce", "B", "pomoc społeczna",
    )  # fmt: skip
    assert [(one.kind, one.name, one.email) for one in gops.seats] == [
        ("head", "Anna Nowak", "anna@gops.example"), ("delegate", "Jan Kos", "jan@gops.example"),
    ]  # fmt: skip
    gone = update(MEMBERSHIP).where(MEMBERSHIP.c.id == membership)
    await door.act(lambda uow: uow.execute(gone.values(left_on=uow.today)))
    assert [one.short_name for one in await door.look(lambda uow: desk.members(uow, ewa, body))] == ["KIS Janów", "Zespół szkół"]
    for look in (lambda uow: desk.institution(uow, ewa, membership), lambda uow: desk.seat(uow, ewa, seat)):
        with pytest.raises(NotFound):
            await door.look(look)


async def test_how_somebody_is_reached(door: Door) -> None:
    """Telegram, blocked there, a browser, e-mail: as things stand; nothing before the invitation is accepted."""
    body, ewa = await network(door)
    anna, maria = await head(door, body), await head(door, body, "Zespół szkół")
    assert (await seen(door, ewa, anna)).ways == ()
    person = await accept(door, 5, seat=anna)
    assert (await seen(door, ewa, anna)).ways == ("telegram", "mail")
    await door.act(lambda uow: people.reached(uow, 5, "blocked"))
    await door.act(lambda uow: sessions.begin(uow, person, browser="b", came_by="link:1"))
    assert (await seen(door, ewa, anna)).ways == ("blocked", "browser", "mail")

    def by_browser(uow: UnitOfWork) -> None:
        issued = invitations.issue(uow, OPERATOR, seat=maria)
        invitations.accept(uow, issued.token, caller=None, language="pl")

    await door.act(by_browser)
    assert (await seen(door, ewa, maria)).ways == ("browser",), "the roster gives her no address"


async def test_names_are_the_rosters(door: Door) -> None:
    """What a person told the secretariat themselves (another address) is not shown to the coordinator."""
    body, ewa = await network(door)
    anna = await head(door, body)
    person = await accept(door, 5, seat=anna)
    own = update(PERSON).where(PERSON.c.id == person)
    await door.act(lambda uow: uow.execute(own.values(email="prywatny@dom.example")))
    found = await seen(door, ewa, anna)
    assert found.email == "anna@gops.example"
    assert "prywatny" not in repr(found)


async def test_a_letter_counts_while_its_link_opens_the_place(door: Door, clock: FixedClock) -> None:
    """Waiting, sent; but after a newer link or a hand-over the old letter invites nobody, and the list must not say it did."""
    body, ewa = await network(door)
    anna = await head(door, body)
    assert (await seen(door, ewa, anna)).letter is None
    await door.act(lambda uow: notices.invite(uow, ewa, seat=anna))
    told = (await seen(door, ewa, anna)).letter
    assert told is not None
    assert told.outcome is None
    await sent(door, anna)
    told = (await seen(door, ewa, anna)).letter
    assert told is not None
    assert told.outcome == "sent"
    in_list = await door.look(lambda uow: next(one for one in desk.vacant(uow, ewa, body) if one.seat == anna))
    assert in_list.letter == told, "lists say the same as the page of the place"
    clock.move(timedelta(minutes=1))
    await door.act(lambda uow: invitations.issue(uow, ewa, seat=anna))
    assert (await seen(door, ewa, anna)).letter is None, "copying a link has ended the one in the letter"
    await door.act(lambda uow: notices.invite(uow, ewa, seat=anna))
    await sent(door, anna, "refused")
    refused = (await seen(door, ewa, anna)).letter
    assert refused is not None
    assert refused.outcome == "refused"
    await door.act(lambda uow: seats.hand_over(uow, ewa, anna, name="Nowa Osoba", email="nowa@gops.example"))
    found = await seen(door, ewa, anna)
    assert found.letter is None
    assert found.link is None
    assert [one.outcome for one in await door.look(lambda uow: desk.letters(uow, ewa, found))] == ["refused", "sent"]


async def test_who_waits_for_an_invitation(door: Door) -> None:
    """Seats and posts nobody has accepted, posts first; whoever accepts is gone from the list."""
    body, ewa = await network(door)
    await door.act(lambda uow: seats.give_post(uow, OPERATOR, body, "chair", name="Zofia Prus"))
    found = await door.look(lambda uow: desk.vacant(uow, ewa, body))
    assert [(one.institution, one.kind, one.name) for one in found] == [
        ("", "chair", "Zofia Prus"), ("GOPS Modliborzyce", "head", "Anna Nowak"), ("GOPS Modliborzyce", "delegate", "Jan Kos"),
        ("Zespół szkół", "head", "Maria Wilk"),
    ]  # fmt: skip
    await accept(door, 5, seat=found[1].seat)
    assert [one.name for one in await door.look(lambda uow: desk.vacant(uow, ewa, body))] == [
        "Zofia Prus",
        "Jan Kos",
        "Maria Wilk",
    ]
    posts = await door.look(lambda uow: desk.posts(uow, ewa, body))
    assert [(one.kind, one.name, one.accepted_at is None) for one in posts] == [
        ("chair", "Zofia Prus", True), ("coordinator", "Ewa Lis", False),
    ]  # fmt: skip


async def test_nothing_of_another_network(door: Door) -> None:
    """True numbers of another network, asked by its neighbour's coordinator, a head or a stranger: not there."""
    body, ewa = await network(door)
    other, ida = await network(door, "lsr-ilawa", 2)
    seat, neighbour = await head(door, body), await head(door, other)
    anna = Actor(await accept(door, 5, seat=seat))
    post = (await door.look(lambda uow: desk.posts(uow, ewa, body)))[0].post or 0
    member = (await door.look(lambda uow: desk.members(uow, ewa, body)))[0].membership
    place = await seen(door, ewa, seat)
    looks: tuple[Callable[[UnitOfWork, Actor], object], ...] = (
        lambda uow, who: desk.desk(uow, who, body),
        lambda uow, who: desk.body_name(uow, who, body),
        lambda uow, who: desk.members(uow, who, body),
        lambda uow, who: desk.institution(uow, who, member),
        lambda uow, who: desk.seat(uow, who, seat),
        lambda uow, who: desk.post(uow, who, post),
        lambda uow, who: desk.posts(uow, who, body),
        lambda uow, who: desk.vacant(uow, who, body),
        lambda uow, who: desk.letters(uow, who, place),
    )
    for look in looks:
        await door.look(lambda uow, look=look: look(uow, ewa))  # type: ignore[misc]  # bound for the loop
        for who in (ida, anna, Actor(10**6)):
            with pytest.raises(NotFound):
                await door.look(lambda uow, look=look, who=who: look(uow, who))  # type: ignore[misc]
    with pytest.raises(NotFound):
        await seen(door, ewa, neighbour)
    with pytest.raises(NotFound):
        await door.look(lambda uow: desk.desk(uow, OPERATOR, 10**6))


async def test_a_longer_list_asks_the_store_no_more(door: Door) -> None:
    """The list of members, of who waits and of an institution's seats take the same number of questions for one row as for many."""
    body, ewa = await network(door)

    async def counted(look: Callable[[UnitOfWork], object]) -> int:
        asked: list[str] = []

        def work(uow: UnitOfWork) -> None:
            def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
                asked.append(statement)

            event.listen(uow.connection, "before_cursor_execute", note)
            try:
                look(uow)
            finally:
                event.remove(uow.connection, "before_cursor_execute", note)

        await door.look(work)
        return len(asked)

    lists: tuple[Callable[[UnitOfWork], object], ...] = (
        lambda uow: desk.members(uow, ewa, body),
        lambda uow: desk.vacant(uow, ewa, body),
        lambda uow: desk.posts(uow, ewa, body),
    )
    before = [await counted(look) for look in lists]
    more = [f"Szkoła nr {n};SP {n};C;edukacja;Janów;zwierzchnik;dyrektor;Osoba {n};osoba{n}@sp.example" for n in range(40)]
    await bring_in(door, body, *ROWS, *more)
    for n in range(3):
        seat = await head(door, body, f"SP {n}")
        await door.act(lambda uow, seat=seat: notices.invite(uow, ewa, seat=seat))  # type: ignore[misc]  # bound for the loop
    assert len(await door.look(lambda uow: desk.members(uow, ewa, body))) == 43
    after = [await counted(look) for look in lists]
    # One more once there are letters: their tries, of all of them together.
    assert all(late <= early + 1 for early, late in zip(before, after, strict=True))
