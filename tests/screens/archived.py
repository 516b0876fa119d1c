"""Anna's network has minutes that went out: some wait for answers, with a remark, a file and a task; some are final, with an annex."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from tests.conversations.network import JANOW, Network
from tests.screens.balloted import under_way

from konwent_bot.office import task_acts
from konwent_bot.office.meetings import convening
from konwent_bot.office.minutes import annexes, answers, circulating, facts, files, remarks, versions
from konwent_bot.office.minutes.annexes import Annexed
from konwent_bot.office.minutes.facts import Minutes
from konwent_bot.office.minutes.remarks import RemarkGiven
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.office.task_acts import TaskSet
from konwent_bot.office.tasks import MINUTES_TASK
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import archive_intents as j
from konwent_bot.screens.intents import Intent

GOPS, OPS, LIBRARY = JANOW
REMARK: Final = "Na spotkaniu była także kierowniczka działu pomocy."
ANNEX: Final = "W punkcie 2 zamiast „wtorek” powinno być „czwartek”."


@dataclass(frozen=True)
class Archived:
    """What was made, by number."""

    body: int
    year: int
    gops: int
    ops: int
    #: Minutes that wait for answers: GOPS has a remark, the others are silent. And a task of GOPS that stands in them.
    open: int
    remark: int
    task: int
    #: Minutes that are final, their last version, and an annex.
    final: int
    final_version: int
    annex: int
    #: The codes of the version that waits, and of the final one.
    code: str
    final_code: str


def make_archived(uow: UnitOfWork, network: Network, coordinator: int, heads: Mapping[str, int]) -> Archived:
    """Let two meetings be held and their minutes go out; one of them is accepted by everybody. ``heads``: whoever heads each institution."""
    kinga, members = Actor(coordinator), network.memberships
    final = drafted(uow, kinga, network)
    circulating.circulate(uow, kinga, final.id, final.edition)
    for name, head in heads.items():
        answers.accept(uow, Actor(head), final.id, 1, members[name])
    subject = Subject(annexes.ANNEX, network.body, meeting=final.meeting, minutes=final.id)
    annex = annexes.annex(uow, kinga, subject, Annexed(text=ANNEX)).made
    assert annex is not None
    newest = versions.get(uow, final.id, facts.get(uow, final.id).version)
    waiting = drafted(uow, kinga, network)
    files.attach(uow, kinga, waiting.id, "grafik.txt", "Grafik dyżurów".encode())
    given = TaskSet(what="Zaproszenia na targi pracy", institution=(str(members[GOPS]),), due=uow.today + timedelta(days=9))
    task = task_acts.write(uow, kinga, Subject(MINUTES_TASK, network.body, minutes=waiting.id, item=0), given).made
    assert task is not None
    sent = circulating.circulate(uow, kinga, waiting.id, facts.get(uow, waiting.id).edition)
    remark = remarked(uow, Actor(heads[GOPS]), waiting, members[GOPS])
    return Archived(
        network.body, waiting.year, members[GOPS], members[OPS], waiting.id, remark, task, final.id, newest.version, annex, sent.code, newest.code
    )  # fmt: skip


def drafted(uow: UnitOfWork, coordinator: Actor, network: Network) -> Minutes:
    """Let a meeting be held, with everybody there, and its minutes be begun."""
    meeting = convening.close(uow, coordinator, under_way(uow, coordinator, network), held=True)
    found = facts.of_meeting(uow, meeting.id)
    assert found is not None
    return found


def remarked(uow: UnitOfWork, head: Actor, minutes: Minutes, membership: int, text: str = REMARK) -> int:
    """Let an institution have a remark about who was there."""
    subject = Subject(remarks.REMARK, minutes.body, meeting=minutes.meeting, minutes=minutes.id, membership=membership)
    made = remarks.remark(uow, head, subject, RemarkGiven(point=("attendance",), text=text)).made
    assert made is not None
    return made


#: Button -> as it is valid for Anna's network. What uses things up stands last.
BUTTONS: Final[Mapping[type[Intent], Callable[[Archived], list[Intent]]]] = {
    j.SeeMinutes: lambda s: [
        j.SeeMinutes(s.open),
        j.SeeMinutes(s.final),
        j.SeeMinutes(s.final, 1),
        j.SeeMinutes(s.final, s.annex),
    ],
    j.ReadMinutes: lambda s: [
        j.ReadMinutes(s.open, 1),
        j.ReadMinutes(s.final, s.final_version, 7),
        j.ReadMinutes(s.final, s.annex),
    ],
    j.TakeMinutes: lambda s: [j.TakeMinutes(s.open, 1), j.TakeMinutes(s.final, s.annex)],
    j.TakeMinutesFile: lambda s: [j.TakeMinutesFile(s.open, 1, 0)],
    j.WriteRemark: lambda s: [j.WriteRemark(s.open, s.gops)],
    j.AcceptMinutes: lambda s: [j.AcceptMinutes(s.open, 1, s.gops)],
    j.TakeBackRemark: lambda s: [j.TakeBackRemark(s.remark)],
    j.SeeTask: lambda s: [j.SeeTask(s.task)],
    j.NoteTask: lambda s: [j.NoteTask(s.task)],
    j.SeeArchive: lambda s: [j.SeeArchive(s.body), j.SeeArchive(s.body, s.year), j.SeeArchive(s.body, 0, 7)],
    j.SearchArchive: lambda s: [j.SearchArchive(s.body)],
    j.TakeYear: lambda s: [j.TakeYear(s.body, s.year)],
}
#: What everybody who belongs to the network may see; what people say for GOPS; what they and whoever leads may say.
OPEN: Final[frozenset[type[Intent]]] = frozenset(
    {j.SeeMinutes, j.ReadMinutes, j.TakeMinutes, j.TakeMinutesFile, j.SeeTask, j.SeeArchive, j.SearchArchive, j.TakeYear}
)
OF_GOPS: Final[frozenset[type[Intent]]] = frozenset({j.WriteRemark, j.AcceptMinutes, j.TakeBackRemark})
OF_GOPS_OR_LED: Final[frozenset[type[Intent]]] = frozenset({j.NoteTask})
#: What there is once.
ONCE: Final[frozenset[type[Intent]]] = frozenset({j.TakeBackRemark})
#: What anybody at all may ask, signed in or not: what a document says of itself.
ANYBODYS: Final[Mapping[type[Intent], Intent]] = {j.SeeCheck: j.SeeCheck(""), j.CheckDocument: j.CheckDocument()}
