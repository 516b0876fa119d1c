"""Links that let people in: one use, one place, thirty days, and only their hash is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update
from tests.conversations.house import dump, spoken_of
from tests.conversations.network import ILAWA, JANOW, make

from konwent_bot.clock import FixedClock
from konwent_bot.errors import NotFound, Refused
from konwent_bot.office import invitations, people
from konwent_bot.office.door import Door
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import INVITATION, PERSON, SEAT

GOPS = JANOW[0]


async def accept(door: Door, token: str, telegram: int, language: str = "pl") -> None:
    await door.act(lambda uow: invitations.accept(uow, token, caller=telegram, language=language))


async def seat_of(door: Door, membership: int, role: str) -> int:
    found = select(SEAT.c.id).where(SEAT.c.membership_id == membership, SEAT.c.role == role)
    return int(await door.look(lambda uow: uow.execute(found).scalar_one()))


async def test_the_token_stands_nowhere(door: Door) -> None:
    """Whoever reads the database cannot open any invitation: only hashes are there, before and after use."""
    network = await make(door)
    for token in network.tokens.values():
        assert spoken_of(await dump(door.store), token) == []
    await accept(door, network.tokens[GOPS, "head"], 1)
    assert spoken_of(await dump(door.store), network.tokens[GOPS, "head"]) == []


async def test_it_is_good_for_thirty_days_to_the_second(door: Door, clock: FixedClock) -> None:
    """A second before the thirty days are over the link works; at their end it says when it ran out."""
    network = await make(door)
    clock.move(timedelta(days=30, seconds=-1))
    await accept(door, network.tokens[GOPS, "head"], 1)
    clock.move(timedelta(seconds=1))
    before = await dump(door.store)
    with pytest.raises(Refused, match="expired on"):
        await accept(door, network.tokens[GOPS, "delegate"], 2)
    assert await dump(door.store) == before


async def test_a_new_link_ends_the_old_one(door: Door) -> None:
    """Sending a link again makes the former one say that a newer one was sent; the newer one works."""
    network = await make(door)
    seat = await seat_of(door, network.memberships[GOPS], "head")
    newer = await door.act(lambda uow: invitations.issue(uow, OPERATOR, seat=seat).token)
    with pytest.raises(Refused, match="a newer one was sent"):
        await accept(door, network.tokens[GOPS, "head"], 1)
    await accept(door, newer, 1)


async def test_accepting_twice_changes_nothing_more(door: Door, clock: FixedClock) -> None:
    """The same person opening their used link again, even a year later, gets the same answer, and nothing is written."""
    network = await make(door)
    await accept(door, network.tokens[GOPS, "head"], 1)
    clock.move(timedelta(days=365))
    before = await dump(door.store)
    await accept(door, network.tokens[GOPS, "head"], 1)
    assert await dump(door.store) == before


async def test_a_used_link_is_refused_to_everybody_else(door: Door) -> None:
    """A link forwarded after use says that it has been used, and takes no seat away."""
    network = await make(door)
    await accept(door, network.tokens[GOPS, "head"], 1)
    before = await dump(door.store)
    with pytest.raises(Refused, match="already been used"):
        await accept(door, network.tokens[GOPS, "head"], 2)
    assert await dump(door.store) == before


async def test_a_taken_place_gets_no_new_link(door: Door) -> None:
    """A seat somebody has accepted is handed over, not invited to again."""
    network = await make(door)
    await accept(door, network.tokens[GOPS, "head"], 1)
    seat = await seat_of(door, network.memberships[GOPS], "head")
    with pytest.raises(Refused, match="hand it over first"):
        await door.act(lambda uow: invitations.issue(uow, OPERATOR, seat=seat))


@pytest.mark.parametrize("token", ["", "x", "A" * 23, "A" * 25, "A" * 24, "ż" * 24, "A" * 23 + "\n", "A" * 5000, "\x00" * 24])
async def test_what_is_no_link_of_ours_is_said_to_be_none(door: Door, token: str) -> None:
    """Invented, cut off, doubled or mangled tokens all get the same sentence."""
    await make(door)
    before = await dump(door.store)
    for act in (
        lambda uow: invitations.look(uow, token),
        lambda uow: invitations.accept(uow, token, caller=1, language="pl"),
    ):
        with pytest.raises(NotFound, match="not an invitation of ours"):
            await door.act(act)
    assert await dump(door.store) == before


async def test_looking_reads_only(door: Door) -> None:
    """What a link offers can be read in a snapshot that cannot write, as a page does."""
    network = await make(door)
    offer = await door.act(lambda uow: invitations.look(uow, network.tokens[GOPS, "head"]))
    assert (offer.place.institution, offer.place.kind) == (GOPS, "head")
    post = await door.act(lambda uow: invitations.look(uow, network.tokens["", "coordinator"]))
    assert (post.place.institution, post.place.kind) == ("", "coordinator")


async def test_places_the_roster_gives_to_one_person_come_together_in_one_body_only(door: Door) -> None:
    """A roster names one person for two seats: one link opens both; what another body's roster says of the same address does not."""
    network, other = await make(door), await make(door, slug="ilawa", names=ILAWA)

    def name(uow: UnitOfWork) -> None:
        for members, places in (
            (network.memberships, ((GOPS, "head"), (JANOW[1], "delegate"))),
            (other.memberships, ((ILAWA[0], "head"),)),
        ):
            values = {
                "name": "Ewa Nowak",
                "email": "ewa@gops.example",
                "language": "pl",
                "reach": "unknown",
                "created_at": uow.now,
            }
            person = uow.execute(insert(PERSON).values(values).returning(PERSON.c.id)).scalar_one()
            for institution, role in places:
                place = (SEAT.c.membership_id == members[institution]) & (SEAT.c.role == role)
                uow.execute(update(SEAT).where(place).values(person_id=person, name="Ewa Nowak", email="ewa@gops.example"))

    await door.act(name)
    await accept(door, network.tokens[GOPS, "head"], 1, "uk")

    def held(uow: UnitOfWork) -> set[tuple[int, str]]:
        me = people.by_telegram(uow, 1)
        assert me is not None
        assert me.language == "uk"
        return {(row.membership_id, row.role) for row in uow.execute(select(SEAT).where(SEAT.c.person_id == me.id))}

    mine = {(network.memberships[GOPS], "head"), (network.memberships[JANOW[1]], "delegate")}
    assert await door.look(held) == mine
    # The link to the second seat is closed with the first: in other hands it would take a place that is taken.
    with pytest.raises(Refused):
        await accept(door, network.tokens[JANOW[1], "delegate"], 2)
    # The other body's invitation adds its seat to the same account, and the double is forgotten.
    await accept(door, other.tokens[ILAWA[0], "head"], 1, "uk")
    assert await door.look(held) == mine | {(other.memberships[ILAWA[0]], "head")}
    left = await door.look(lambda uow: uow.execute(select(PERSON.c.id).where(PERSON.c.email == "ewa@gops.example")).all())
    assert len(left) == 1


async def test_an_unknown_language_becomes_the_default(door: Door) -> None:
    """A forged language on the accepting button gives Polish, not a fault."""
    network = await make(door)
    await accept(door, network.tokens[GOPS, "head"], 1, "xx")
    known = await door.look(lambda uow: people.by_telegram(uow, 1))
    assert known is not None
    assert known.language == "pl"


async def test_one_live_link_a_place(door: Door) -> None:
    """However often a link is issued, one is alive for each place."""
    network = await make(door)
    seat = await seat_of(door, network.memberships[GOPS], "head")
    for _ in range(3):
        await door.act(lambda uow: invitations.issue(uow, OPERATOR, seat=seat))
    live = select(INVITATION.c.id).where(INVITATION.c.seat_id == seat, INVITATION.c.revoked_at.is_(None))
    assert len(await door.look(lambda uow: uow.execute(live).all())) == 1
