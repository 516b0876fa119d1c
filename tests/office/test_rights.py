"""Who may do what, written by hand and held against what happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest
from tests.conversations.house import dump
from tests.screens.personas import ANNA, BOGDAN, CELINA, FORMER, GONE, GOPS, IDA, IGOR, KINGA, NAMES, STRANGER, Stage, stage

from konwent_bot.errors import NotFound
from konwent_bot.office import bodies, invitations, rights, rounds, seats
from konwent_bot.office.door import Door
from konwent_bot.office.rights import OPERATOR, Actor
from konwent_bot.office.unit import UnitOfWork

THE_OPERATOR: Final = 0

#: Act in Anna's network (and for her institution, GOPS) -> who may. From domain.md and conversation.md, not from the code.
MAY: Final[dict[str, frozenset[int]]] = {
    "body.create": frozenset({THE_OPERATOR}),
    "desk.see": frozenset({THE_OPERATOR, KINGA}),
    "roster.import": frozenset({THE_OPERATOR, KINGA}),
    "seat.hand_over": frozenset({THE_OPERATOR, KINGA}),
    "seat.vacate": frozenset({THE_OPERATOR, KINGA}),
    "post.give": frozenset({THE_OPERATOR, KINGA}),
    "invitation.issue": frozenset({THE_OPERATOR, KINGA}),
    "round.open": frozenset({THE_OPERATOR, KINGA}),
    "round.coverage": frozenset({THE_OPERATOR, KINGA}),
    "card.fill_in": frozenset({ANNA, BOGDAN}),
    "meeting.rules": frozenset({THE_OPERATOR, KINGA}),
    "meeting.plan": frozenset({THE_OPERATOR, KINGA}),
    "meeting.convene": frozenset({THE_OPERATOR, KINGA}),
    "meeting.change": frozenset({THE_OPERATOR, KINGA}),
    "meeting.cancel": frozenset({THE_OPERATOR, KINGA}),
    "meeting.close": frozenset({THE_OPERATOR, KINGA}),
    "meeting.who": frozenset({THE_OPERATOR, KINGA}),
    "meeting.answer_for": frozenset({THE_OPERATOR, KINGA}),
    "meeting.remind": frozenset({THE_OPERATOR, KINGA}),
    "meeting.ledger": frozenset({THE_OPERATOR, KINGA}),
    "meeting.guests": frozenset({THE_OPERATOR, KINGA}),
    "meeting.materials": frozenset({THE_OPERATOR, KINGA}),
    "agenda.order": frozenset({THE_OPERATOR, KINGA}),
    "attendance.tick": frozenset({THE_OPERATOR, KINGA}),
    "status.report": frozenset({KINGA}),
    "working_group.set_up": frozenset({THE_OPERATOR, KINGA}),
    "chat_group.link": frozenset({KINGA}),  # a group is linked from the coordinator's own account
    "poll.open": frozenset({THE_OPERATOR, KINGA}),
    "proposal.enter": frozenset({THE_OPERATOR, KINGA}),  # and members for their institutions (tests of proposals)
    "proposal.lead": frozenset({THE_OPERATOR, KINGA}),
    "decision.settings": frozenset({THE_OPERATOR, KINGA}),
    "ballot.open": frozenset({THE_OPERATOR, KINGA}),
    "ballot.close": frozenset({THE_OPERATOR, KINGA}),
    "ballot.by_hand": frozenset({THE_OPERATOR, KINGA}),
    "ballot.casting": frozenset({KINGA}),  # a casting vote is said by whoever has it
    "decision.task": frozenset({THE_OPERATOR, KINGA}),
    "minutes.task": frozenset({THE_OPERATOR, KINGA}),
    "minutes.write": frozenset({THE_OPERATOR, KINGA}),
    "minutes.circulate": frozenset({THE_OPERATOR, KINGA}),
    "minutes.answer": frozenset({ANNA, BOGDAN}),
    "minutes.annex": frozenset({THE_OPERATOR, KINGA}),
    "minutes.settings": frozenset({THE_OPERATOR, KINGA}),
    "person.erase": frozenset({THE_OPERATOR}),  # and everybody their own selves, which is no matter of a body (tests of privacy)
    "body.retention": frozenset({THE_OPERATOR}),
}

#: Post nobody in the table above holds -> what its holder may beside what a member may.
BY_POST: Final[dict[str, frozenset[str]]] = {
    "case_manager": frozenset({"status.report"}),
    "chair": frozenset(
        {
            "meeting.who", "agenda.order", "attendance.tick", "proposal.enter", "proposal.lead", "ballot.open", "ballot.close",
            "ballot.by_hand", "ballot.casting", "decision.task", "minutes.task",
        }
    ),
    "vice_chair": frozenset({"meeting.who"}),
    "minute_taker": frozenset({"attendance.tick", "minutes.write", "minutes.task"}),
}  # fmt: skip

#: The acts that take an actor, as one would call them on Anna's network.
CALLS: Final[dict[str, Callable[[UnitOfWork, Actor, Stage], Any]]] = {
    "body.create": lambda uow, actor, _: bodies.create(uow, actor, slug="nowa", name="Nowa sieć"),
    "seat.hand_over": lambda uow, actor, s: seats.hand_over(uow, actor, s.seats[GOPS, "head"], name="Obca Osoba"),
    "seat.vacate": lambda uow, actor, s: seats.vacate(uow, actor, s.seats[GOPS, "head"]),
    "post.give": lambda uow, actor, s: seats.give_post(uow, actor, s.janow.body, "chair", seat=s.seats[GOPS, "delegate"]),
    "invitation.issue": lambda uow, actor, s: invitations.issue(uow, actor, seat=s.seats["OPS Janów Lubelski", "delegate"]),
    "round.open": lambda uow, actor, s: rounds.open_round(uow, actor, s.janow.body, period="2026-H1"),
    "round.coverage": lambda uow, actor, s: rounds.coverage(uow, actor, s.janow.round),
}
PEOPLE: Final = (ANNA, BOGDAN, CELINA, KINGA, IDA, IGOR, FORMER, GONE, STRANGER)


def actor(made: Stage, who: int) -> Actor:
    """Give the actor of a position; whoever is no person here acts as a number nobody has."""
    return OPERATOR if who == THE_OPERATOR else Actor(made.persons.get(who, 10**6))


async def call(door: Door, act: str, by: Actor, made: Stage) -> None:
    """Do an act as somebody."""
    await door.act(lambda uow: CALLS[act](uow, by, made))


def test_every_right_is_written_down() -> None:
    """Somebody who adds an act must say here who may."""
    assert set(MAY) == set(rights.RIGHTS)


async def test_rights_are_as_written(door: Door) -> None:
    """Each position, asked for each act: what the table says, and for GOPS of Anna's network alone."""
    made = await stage(door)

    def check(uow: UnitOfWork) -> None:
        for act, may in MAY.items():
            for who in (THE_OPERATOR, *PEOPLE):
                where = {"body": made.janow.body, "membership": made.janow.memberships[GOPS]}
                try:
                    rights.require(uow, actor(made, who), act, **where)
                    allowed = True
                except NotFound:
                    allowed = False
                assert allowed == (who in may), (act, NAMES.get(who, "the operator"))

    await door.look(check)


@pytest.mark.parametrize("kind", sorted(BY_POST))
async def test_a_post_brings_its_own_rights_and_no_others(door: Door, kind: str) -> None:
    """Whoever chairs, takes the minutes or reports may do that in their own network, and nothing in another."""
    made = await stage(door)

    def check(uow: UnitOfWork) -> None:
        seats.give_post(uow, OPERATOR, made.janow.body, kind, seat=made.seats["OPS Janów Lubelski", "head"])
        celina = actor(made, CELINA)
        for act in rights.RIGHTS:
            for network in (made.janow, made.ilawa):
                try:
                    rights.require(uow, celina, act, body=network.body)
                    allowed = True
                except NotFound:
                    allowed = False
                assert allowed == (act in BY_POST[kind] and network is made.janow), (act, kind)

    await door.act(check)


@pytest.mark.parametrize("act", sorted(CALLS))
async def test_an_act_refuses_whoever_may_not(door: Door, act: str) -> None:
    """The act itself, called by each person who may not: worded like a thing that is not there, nothing changed."""
    made = await stage(door)
    before = await dump(door.store)
    for who in PEOPLE:
        if who in MAY[act]:
            continue
        with pytest.raises(NotFound):
            await call(door, act, actor(made, who), made)
        assert await dump(door.store) == before, NAMES[who]
    for who in sorted(MAY[act] - {THE_OPERATOR}) or [THE_OPERATOR]:
        await call(door, act, actor(made, who), made)


async def test_a_seat_in_one_body_is_no_seat_in_another(door: Door) -> None:
    """Membership numbers of one network do not open anything under another network's number."""
    made = await stage(door)

    def check(uow: UnitOfWork) -> None:
        anna = actor(made, ANNA)
        assert "representative" in rights.offices(uow, anna, made.janow.body, made.janow.memberships[GOPS])
        assert not rights.offices(uow, anna, made.ilawa.body, made.janow.memberships[GOPS])
        assert not rights.offices(uow, anna, made.ilawa.body, made.ilawa.memberships["GOPS Iława"])
        assert not rights.offices(uow, anna, made.janow.body)

    await door.look(check)
