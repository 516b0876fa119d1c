"""Anna's network has met: minutes that are written, that institutions answer, and that are final; and in whose hands each button works."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import update
from tests.conversations.network import JANOW, Network

from konwent_bot.office.meetings import agenda_items, attendance, convening, entering
from konwent_bot.office.meetings.entering import MeetingEntered
from konwent_bot.office.minutes import answers, circulating, files, notes, remarks
from konwent_bot.office.minutes import facts as minutes_facts
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import minutes_intents as n
from konwent_bot.screens.intents import Intent
from konwent_bot.store.tables import MEETING

GOPS, OPS, LIBRARY = JANOW
NOTE: Final = "Instytucje omówiły dyżury we wtorki. Trzy zgłosiły się od marca."
OTHER: Final = "Instytucje omówiły dyżury w środy. Trzy zgłosiły się od kwietnia."
LATER: Final = "Instytucje omówiły dyżury we wtorki i czwartki. Trzy zgłosiły się od marca."
REMARK: Final = "Dyżury zaczną się w kwietniu, nie w marcu."
PDF: Final = b"%PDF-1.7\nplan dy\xc5\xbcur\xc3\xb3w\n%%EOF\n"


@dataclass(frozen=True)
class Minuted:
    """What was made, by number."""

    body: int
    gops: int
    ops: int
    library: int
    #: A meeting that was held, whose minutes are a draft; a matter of its agenda with two paragraphs under it, of one of which two
    #: texts wait for a choice; a file.
    meeting: int
    draft: int
    name: str
    item: int
    note: int
    second: int
    rival: int
    file: int
    #: Sent out: OPS accepts, the library has two remarks, GOPS is silent.
    circulated: int
    circulated_name: str
    remark: int
    other_remark: int
    #: Accepted by everybody.
    final: int


def make_minuted(uow: UnitOfWork, network: Network, coordinator: int, heads: Mapping[str, int]) -> Minuted:
    """Let three meetings have been held, and bring their minutes as far as they are.

    ``heads``: whoever heads each institution.
    """
    kinga, members = Actor(coordinator), network.memberships
    final, circulated, draft = (held(uow, kinga, network, days) for days in (30, 45, 60))
    for number in (circulated.minutes, final.minutes):
        written(uow, kinga, network.body, number, "end", NOTE)
        circulating.circulate(uow, kinga, number, minutes_facts.get(uow, number).edition)
    for name, head in heads.items():
        answers.accept(uow, Actor(head), final.minutes, 1, members[name])
    answers.accept(uow, Actor(heads[OPS]), circulated.minutes, 1, members[OPS])
    remark, other = (
        remarked(uow, Actor(heads[LIBRARY]), network.body, circulated.minutes, members[LIBRARY], point, text)
        for point, text in (("end", REMARK), ("attendance", "Byliśmy od początku spotkania."))
    )
    point = f"item:{draft.item}"
    note, second = (written(uow, kinga, network.body, draft.minutes, point, text) for text in (NOTE, "Do tematu wrócimy w maju."))
    for text in (OTHER, LATER):
        changed(uow, kinga, network.body, draft.minutes, note, 1, text)
    (rival,) = notes.rivals(uow, draft.minutes)
    file = files.attach(uow, kinga, draft.minutes, "Plan dyżurów.pdf", PDF)
    return Minuted(
        network.body, members[GOPS], members[OPS], members[LIBRARY], draft.meeting, draft.minutes,
        minutes_facts.get(uow, draft.minutes).name, draft.item, note, second, rival.id, file,
        circulated.minutes, minutes_facts.get(uow, circulated.minutes).name, remark, other, final.minutes,
    )  # fmt: skip


@dataclass(frozen=True)
class Held:
    """A meeting that took place, a matter of its agenda, and its minutes."""

    meeting: int
    item: int
    minutes: int


def held(uow: UnitOfWork, coordinator: Actor, network: Network, days: int) -> Held:
    """Let a strategic meeting, planned for so many days ahead, be held now, with two institutions there; its minutes begin."""
    given = {
        "kind": "strategic", "when": f"{uow.today + timedelta(days=days)}T10:00", "length": "m120", "mode": "in_person",
        "place": "Urząd Miejski, sala 7",
    }  # fmt: skip
    meeting = entering.enter(
        uow, coordinator, Subject("meeting.enter", network.body), MeetingEntered.model_validate(given)
    ).meeting
    assert meeting is not None
    convening.convene(uow, coordinator, meeting)
    about = Subject("agenda.propose", network.body, meeting=meeting)
    item = agenda_items.propose(
        uow, coordinator, about, agenda_items.Proposal(title="Dyżury we wtorki", detail="Kto i kiedy.")
    ).made
    assert item is not None
    local = uow.now.astimezone(uow.house.zone)
    # No act moves a meeting to this moment; its code is taken off, so that nobody is asked to say "I am here" at it.
    then = {
        "day": local.date(),
        "hour": f"{local:%H:%M}",
        "starts_at": uow.now,
        "ends_at": uow.now + timedelta(hours=2),
        "code": "",
    }
    uow.execute(update(MEETING).where(MEETING.c.id == meeting).values(**then, next_step_at=None))
    for name in (GOPS, OPS):
        attendance.come(uow, coordinator, meeting, network.memberships[name], "head")
    agenda_items.note(uow, coordinator, item, "done")
    convening.close(uow, coordinator, meeting, held=True)
    begun = minutes_facts.of_meeting(uow, meeting)
    assert begun is not None
    return Held(meeting, item, begun.id)


def written(uow: UnitOfWork, actor: Actor, body: int, minutes: int, point: str, text: str) -> int:
    """Write a paragraph under a point; give its number."""
    about = Subject("minutes.write", body, minutes=minutes, item=minutes_facts.item_of(point))
    made = notes.write(uow, actor, about, notes.Written(text=text)).made
    assert made is not None
    return made


def changed(uow: UnitOfWork, actor: Actor, body: int, minutes: int, note: int, revision: int, text: str) -> None:
    """Change a paragraph, having read it as it was at a revision."""
    about = Subject("minutes.change", body, minutes=minutes, note=note, revision=revision)
    notes.change(uow, actor, about, notes.Written(text=text))


def remarked(uow: UnitOfWork, actor: Actor, body: int, minutes: int, membership: int, point: str, text: str) -> int:
    """Have a remark for an institution; give its number."""
    about = Subject("minutes.remark", body, minutes=minutes, membership=membership)
    made = remarks.remark(uow, actor, about, remarks.RemarkGiven(point=(point,), text=text)).made
    assert made is not None
    return made


def _item(s: Minuted) -> str:
    return n.in_button(f"item:{s.item}")


#: Button -> as it is valid for Anna's network, in the hands of its coordinator alone. What uses things up stands last.
BUTTONS: Final[Mapping[type[Intent], Callable[[Minuted], list[Intent]]]] = {
    n.OpenDraft: lambda s: [n.OpenDraft(s.meeting)],
    n.SeeDraft: lambda s: [n.SeeDraft(s.draft), n.SeeDraft(s.circulated), n.SeeDraft(s.final)],
    n.SeePoint: lambda s: [n.SeePoint(s.draft, _item(s)), n.SeePoint(s.draft, "attendance"), n.SeePoint(s.draft, "end", 7)],
    n.SeeWholeDraft: lambda s: [n.SeeWholeDraft(s.draft)],
    n.TakeDraft: lambda s: [n.TakeDraft(s.draft)],
    n.SeeNote: lambda s: [n.SeeNote(s.note), n.SeeNote(s.second)],
    n.SeeRival: lambda s: [n.SeeRival(s.rival)],
    n.SeeDraftFiles: lambda s: [n.SeeDraftFiles(s.draft), n.SeeDraftFiles(s.final)],
    n.TakeDraftFile: lambda s: [n.TakeDraftFile(s.file)],
    n.SeeAnswers: lambda s: [n.SeeAnswers(s.circulated), n.SeeAnswers(s.final, 7), n.SeeAnswers(s.draft)],
    n.AskRemindSilent: lambda s: [n.AskRemindSilent(s.circulated)],
    n.RemindSilent: lambda s: [n.RemindSilent(s.circulated)],
    n.SeeRemarks: lambda s: [n.SeeRemarks(s.circulated), n.SeeRemarks(s.final, 7)],
    n.SeeRemark: lambda s: [n.SeeRemark(s.remark)],
    n.WriteNote: lambda s: [n.WriteNote(s.draft, _item(s)), n.WriteNote(s.draft, "end")],
    n.ChangeNote: lambda s: [n.ChangeNote(s.second)],
    n.GiveTask: lambda s: [n.GiveTask(s.draft, _item(s))],
    n.WriteAnnex: lambda s: [n.WriteAnnex(s.final)],
    n.MovePoint: lambda s: [n.MovePoint(s.draft, _item(s), 2, "down")],
    n.MoveNote: lambda s: [n.MoveNote(s.second, "up")],
    n.AskRemoveNote: lambda s: [n.AskRemoveNote(s.second)],
    n.ChooseText: lambda s: [n.ChooseText(s.rival, 2, "both")],
    n.RemoveNote: lambda s: [n.RemoveNote(s.second, 1)],
    n.AttachDraftFile: lambda s: [n.AttachDraftFile(s.draft)],
    n.RemoveDraftFile: lambda s: [n.RemoveDraftFile(s.file)],
    n.ChooseDays: lambda s: [n.ChooseDays(s.draft, 10)],
    n.LookOver: lambda s: [n.LookOver(s.draft)],
    n.Circulate: lambda s: [n.Circulate(s.draft, 0)],
    n.AcceptRemark: lambda s: [n.AcceptRemark(s.remark)],
    n.DeclineRemark: lambda s: [n.DeclineRemark(s.other_remark)],
}
#: What names the edition that was looked over: seen elsewhere.
ONCE: Final[frozenset[type[Intent]]] = frozenset({n.Circulate})
#: What comes of a press that changes what other scenes look at: shown after it.
AFTER: Final[Mapping[type[Intent], Callable[[Minuted], tuple[tuple[Intent, ...], Intent]]]] = {
    n.SeeDraft: lambda s: ((n.AcceptRemark(s.remark), n.AcceptRemark(s.other_remark)), n.SeeDraft(s.circulated)),
    n.LookOver: lambda s: ((n.ChooseText(s.rival, 2, "both"),), n.LookOver(s.draft)),
    n.SeePoint: lambda s: ((n.ChooseText(s.rival, 2, "mine"),), n.SeePoint(s.draft, _item(s))),
}
