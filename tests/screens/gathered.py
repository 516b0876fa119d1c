"""Anna's network at a meeting that begins in half an hour, with one held before; and in whose hands each of its buttons works."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final

from sqlalchemy import insert, update
from tests.conversations.network import JANOW, Network

from konwent_bot.office.meetings import agenda_items, attendance, convening, facts, guests, materials, status_reports
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import agenda_intents as j
from konwent_bot.screens.intents import Intent
from konwent_bot.store.tables import AGENDA_ITEM, MEETING

GOPS, OPS, _ = JANOW
#: The code of the day.
CODE: Final = "042137"
PDF: Final = b"%PDF-1.7\nmateria\xc5\x82y\n%%EOF\n"


@dataclass(frozen=True)
class Gathering:
    """What was made, by number."""

    body: int
    #: Called, strategic, in half an hour.
    meeting: int
    #: Items of its agenda: the coordinator's own, a proposal of GOPS; and one of a meeting that was held.
    item: int
    proposal: int
    past_item: int
    #: GOPS is there.
    presence: int
    guest: int
    material: int
    #: Institutions of the network.
    gops: int
    ops: int


def make_gathering(uow: UnitOfWork, network: Network, coordinator: int, anna: int) -> Gathering:
    """Let a meeting have been held, call the next one, and fill it as people do."""
    kinga, members = Actor(coordinator), network.memberships
    today = uow.today
    past = _planned(uow, network.body, today - timedelta(days=60), "14:00")
    uow.execute(
        update(MEETING).where(MEETING.c.id == past).values(status="held", revision=1, convened_at=uow.now, closed_at=uow.now)
    )
    meeting = _planned(uow, network.body, today, "10:30")
    convening.convene(uow, kinga, meeting)
    uow.execute(update(MEETING).where(MEETING.c.id == meeting).values(code=CODE))
    past_item = _old_item(uow, past)
    item = _item(uow, kinga, network.body, meeting, None, "Wspólny kalendarz dyżurów na styczeń i luty")
    proposal = _item(uow, Actor(anna), network.body, meeting, members[GOPS], "Nowy termin warsztatów")
    said = status_reports.Answers(
        in_process=7,
        joined=2,
        finished=0,
        problems=("transport", "other"),
        problems_other="Mało miejsc",
        requests="Dwa miejsca na kursie",
    )
    status_reports.report(uow, kinga, Subject("status.report", network.body, meeting=meeting), said)
    attendance.come(uow, kinga, meeting, members[GOPS], "head")
    presence = attendance.see(uow, kinga, meeting).institutions
    here = next(one.here for one in presence if one.membership == members[GOPS])
    assert here is not None
    invited = guests.Invited(name="Jan Nowak", function="burmistrz", email="burmistrz@urzad.example", language="pl")
    guest = guests.invite(uow, kinga, Subject("guest.invite", network.body, meeting=meeting), invited).made
    assert guest is not None
    file = materials.attach(uow, kinga, meeting, "Plan kursów.pdf", PDF)
    return Gathering(network.body, meeting, item, proposal, past_item, here.id, guest, file, members[GOPS], members[OPS])


def _planned(uow: UnitOfWork, body: int, day: date, hour: str) -> int:
    starts, ends = facts.instants(day, time.fromisoformat(hour), 90, "Europe/Warsaw")
    values = {
        "body_id": body, "kind": "strategic", "status": "planned", "day": day, "hour": hour, "minutes": 90, "zone": "Europe/Warsaw",
        "starts_at": starts, "ends_at": ends, "mode": "in_person", "place": "Urząd Miejski, sala 7", "link": "", "chair": "coordinator",
        "topic": "", "revision": 0, "sequence": 0, "reason": "", "code": "", "reminded": 0, "uid": facts.new_uid("x", uow.now), "created_at": uow.now,
    }  # fmt: skip
    return int(uow.execute(insert(MEETING).values(values).returning(MEETING.c.id)).scalar_one())


def _item(uow: UnitOfWork, actor: Actor, body: int, meeting: int, membership: int | None, title: str) -> int:
    about = Subject("agenda.propose", body, meeting=meeting, membership=membership)
    made = agenda_items.propose(uow, actor, about, agenda_items.Proposal(title=title, detail="Potrzebna decyzja."))
    assert made.made is not None
    return made.made


def _old_item(uow: UnitOfWork, meeting: int) -> int:
    values = {
        "meeting_id": meeting, "position": 1, "kind": "own", "title": "Staże w lecie", "detail": "", "state": "accepted", "reason": "",
        "outcome": "", "created_at": uow.now,
    }  # fmt: skip
    return int(uow.execute(insert(AGENDA_ITEM).values(values).returning(AGENDA_ITEM.c.id)).scalar_one())


#: Button -> as it is valid for Anna's network; only its coordinator may press it, but for those below. What uses things up
#: stands last.
BUTTONS: Final[dict[type[Intent], Callable[[Gathering], list[Intent]]]] = {
    j.SeeAgenda: lambda g: [j.SeeAgenda(g.meeting)],
    j.SeeItem: lambda g: [j.SeeItem(g.item)],
    j.ProposeItem: lambda g: [j.ProposeItem(g.meeting, g.gops)],
    j.SeeReport: lambda g: [j.SeeReport(g.meeting)],
    j.SeeAttendance: lambda g: [j.SeeAttendance(g.meeting), j.SeeAttendance(g.meeting, 7)],
    j.SeeMaterials: lambda g: [j.SeeMaterials(g.meeting)],
    j.TakeMaterial: lambda g: [j.TakeMaterial(g.material)],
    j.SeeHere: lambda g: [j.SeeHere(g.meeting), j.SeeHere(g.meeting, CODE)],
    j.SayHere: lambda g: [j.SayHere(g.meeting, 0, CODE)],
    j.WriteReport: lambda g: [j.WriteReport(g.meeting)],
    j.AcceptItem: lambda g: [j.AcceptItem(g.proposal)],
    j.AskDecline: lambda g: [j.AskDecline(g.proposal)],
    j.MoveItem: lambda g: [j.MoveItem(g.item, 4, "down"), j.MoveItem(g.item, 4, "up")],
    j.NoteItem: lambda g: [j.NoteItem(g.past_item, "open"), j.NoteItem(g.past_item, "done")],
    j.SeePresence: lambda g: [j.SeePresence(g.meeting, g.gops), j.SeePresence(g.meeting, g.ops)],
    j.TickHere: lambda g: [j.TickHere(g.meeting, g.ops, "delegate")],
    j.AskTimes: lambda g: [j.AskTimes(g.presence)],
    j.CorrectTimes: lambda g: [j.CorrectTimes(g.presence)],
    j.SetRole: lambda g: [j.SetRole(g.presence, "substitute")],
    j.TickGone: lambda g: [j.TickGone(g.meeting, g.gops)],
    j.PrintAttendance: lambda g: [j.PrintAttendance(g.meeting)],
    j.PrintCode: lambda g: [j.PrintCode(g.meeting)],
    j.SeeGuests: lambda g: [j.SeeGuests(g.meeting)],
    j.SeeGuest: lambda g: [j.SeeGuest(g.guest)],
    j.InviteGuest: lambda g: [j.InviteGuest(g.meeting)],
    j.NoteGuest: lambda g: [j.NoteGuest(g.guest, "yes")],
    j.AttachMaterial: lambda g: [j.AttachMaterial(g.meeting)],
    j.RemoveMaterial: lambda g: [j.RemoveMaterial(g.material)],
    j.RemoveGuest: lambda g: [j.RemoveGuest(g.guest)],
    j.RemovePresence: lambda g: [j.RemovePresence(g.presence)],
    j.DeclineItem: lambda g: [j.DeclineItem(g.item)],
}
#: What everybody who belongs to the network may see.
OPEN: Final[frozenset[type[Intent]]] = frozenset(
    {j.SeeAgenda, j.SeeItem, j.SeeReport, j.SeeAttendance, j.SeeMaterials, j.TakeMaterial}
)
#: What people say for their institution: anybody's for their own, and Anna's for hers.
OF_MEMBERS: Final[frozenset[type[Intent]]] = frozenset({j.SeeHere, j.SayHere})
OF_GOPS: Final[frozenset[type[Intent]]] = frozenset({j.ProposeItem})
