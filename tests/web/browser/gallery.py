"""All screens as pages: one scene or more for every kind of intent there is, and every type of question; with errors and without.

What an intent would change is taken back at once, so that every screen that can follow is shown by one small house.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final, TypeAlias, get_args

from tests.dialogue.voices import TRIAL_FACTS, trial
from tests.screens import archived, balloted, convened, gathered, minuted, planned, polled, proposed
from tests.screens.personas import ANNA, FORMER, GOPS, IDA, KINGA, STRANGER, Stage

from konwent_bot import i18n, resources
from konwent_bot.dialogue import engine
from konwent_bot.dialogue.engine import Answer, Reject
from konwent_bot.dialogue.problem import Problem
from konwent_bot.dialogue.view import QuestionView, view
from konwent_bot.i18n import Translator
from konwent_bot.office import links
from konwent_bot.office.dialogues import Fill, Talk, Touch, Written
from konwent_bot.office.door import Door
from konwent_bot.office.people import Known, Reader
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import (
    agenda_intents,
    archive_intents,
    ballot_intents,
    card,
    group_intents,
    intents,
    meeting_intents,
    minutes_intents,
    proposal_intents,
    reception,
)
from konwent_bot.screens.intents import LOOKS, Home, Intent, Resume
from konwent_bot.screens.screen import Action, Field, Form, Row, Screen
from konwent_bot.screens.visiting import Given, Visitor
from konwent_bot.web.frames import Frame
from konwent_bot.web.pages import Pages

#: When the questions are shown.
NOW: Final = datetime.fromisoformat("2026-11-27T12:00")
#: As long as a browser's real one.
TOKEN: Final = "0123456789abcdef" * 4
ROSTER: Final = b"nazwa;imie i nazwisko;e-mail\nGOPS Modliborzyce;Anna Nowa;anna@gops.example\n"


@dataclass(frozen=True)
class Scene:
    """Somebody asks for something, with a form or without."""

    who: int
    intent: Intent
    given: Given = field(default_factory=Given)
    #: What the same person did just before.
    after: tuple[Intent, ...] = ()


@dataclass(frozen=True)
class Picture:
    """A screen as it is shown to somebody."""

    screen: Screen
    t: Translator
    frame: Frame
    status: int = 200

    def html(self, pages: Pages) -> str:
        text = pages.show(self.screen, self.t, self.frame, status=self.status).text
        assert text is not None
        return text


@dataclass(frozen=True)
class Props:
    """Links and files that scenes need."""

    enter: str
    email: str
    connect: str
    stop: str


Build: TypeAlias = Callable[[Stage, Props], Sequence[Scene]]


def _fields(**values: str) -> Given:
    return Given(fields=values)


def _demo_roster() -> bytes:
    """A roster of a real size, every line of it new."""
    return resources.of_room("demo", "lsr-janow-lubelski.csv").read_bytes()


def _sent(s: Stage) -> tuple[Intent, ...]:
    """Anna sends the card of her institution."""
    return (Touch(*s.drafts[ANNA], "confirm"),)


def _by(who: int, *of: type[Intent]) -> Mapping[type[Intent], Build]:
    """Scenes of intents without a field, asked for by one person."""
    return {kind: lambda _s, _p, kind=kind: (Scene(who, kind()),) for kind in of}  # type: ignore[misc]  # mypy sees no default


def _desk(make: Callable[[int], Intent], **values: str) -> Build:
    return lambda s, _p: (Scene(KINGA, make(s.janow.body), _fields(**values)),)


def _seat(make: Callable[[int], Intent], role: str = "head", **values: str) -> Build:
    return lambda s, _p: (Scene(KINGA, make(s.seats[GOPS, role]), _fields(**values)),)


def _post(make: Callable[[int], Intent], **values: str) -> Build:
    return lambda s, _p: (Scene(KINGA, make(s.posts[s.janow.body]), _fields(**values)),)


def _on_plan(make: Callable[[planned.Plan], Sequence[Intent]]) -> Build:
    return lambda s, _p: tuple(Scene(KINGA, intent) for intent in make(s.plan))


def _at_meeting(make: Callable[[gathered.Gathering], Sequence[Intent]]) -> Build:
    def build(s: Stage, _p: Props) -> tuple[Scene, ...]:
        asked = make(s.gathering)
        members = type(asked[0]) in gathered.OPEN | gathered.OF_MEMBERS | gathered.OF_GOPS
        whose = type(asked[0]) not in gathered.OF_MEMBERS | gathered.OF_GOPS
        scenes = [Scene(KINGA, intent) for intent in asked] if whose else []
        return (*scenes, *(Scene(ANNA, intent) for intent in asked)) if members else tuple(scenes)

    return build


def _called(make: Callable[[convened.Convened], Sequence[Intent]]) -> Build:
    def build(s: Stage, _p: Props) -> tuple[Scene, ...]:
        asked = make(s.convened)
        kind = type(asked[0])
        whom = (
            *((KINGA,) if kind not in convened.OF_GOPS else ()),
            *((ANNA,) if kind in convened.OPEN | convened.OF_GOPS else ()),
        )
        return tuple(Scene(who, intent) for who in whom for intent in asked)

    return build


def _asked(make: Callable[[polled.Polled], Sequence[Intent]]) -> Build:
    def build(s: Stage, _p: Props) -> tuple[Scene, ...]:
        asked = make(s.polled)
        kind = type(asked[0])
        whom = (*((KINGA,) if kind not in polled.OF_GOPS else ()), *((ANNA,) if kind in polled.OPEN | polled.OF_GOPS else ()))
        return tuple(Scene(who, intent) for who in whom for intent in asked)

    return build


def _voted(make: Callable[[balloted.Balloted], Sequence[Intent]]) -> Build:
    def build(s: Stage, _p: Props) -> tuple[Scene, ...]:
        asked = make(s.balloted)
        kind = type(asked[0])
        whom = (
            *((KINGA,) if kind not in balloted.OF_GOPS else ()),
            *((ANNA,) if kind in balloted.OPEN | balloted.OF_GOPS | balloted.OF_GOPS_OR_LED else ()),
        )
        return tuple(Scene(who, intent) for who in whom for intent in asked)

    return build


def _papers(s: Stage, _p: Props) -> Mapping[type[Intent], tuple[Scene, ...]]:
    """What is sent in a form of a page, where a chat has a button: votes; and what was counted of raised hands."""
    b, v = ballot_intents, s.balloted
    named = {f"m{number}": choice for number, choice in zip(s.janow.memberships.values(), ("for", "against", ""), strict=True)}
    totals = {"in_favour": "2", "against": "0", "abstain": "1"}
    return {
        b.Vote: (Scene(ANNA, b.Vote(v.open, v.gops, ""), _fields(choice="for")), Scene(ANNA, b.Vote(v.open, v.gops, ""))),
        b.AskPaper: (
            Scene(ANNA, b.AskPaper(v.secret, v.gops, ""), _fields(choice="against")), Scene(ANNA, b.AskPaper(v.secret, v.gops, "")),
        ),
        b.CastPaper: (Scene(ANNA, b.CastPaper(v.secret, v.gops, ""), _fields(choice="against")),),
        b.NoteHands: (
            Scene(KINGA, b.NoteHands(v.shown, "names", 0), _fields(**named, chair="for")),
            Scene(KINGA, b.NoteHands(v.shown, "totals", 0), _fields(**totals, chair="")),
            Scene(KINGA, b.NoteHands(v.shown, "totals", 0), _fields(in_favour="dwa", against="", abstain="1", chair="")),
            Scene(KINGA, b.NoteHands(v.shown, "totals", 1), _fields(**totals | {"abstain": "9"}, chair="")),
            Scene(KINGA, b.NoteHands(v.shown, "names", 1), _fields(**named, chair="against")),
        ),
        b.SearchRegister: (
            Scene(ANNA, b.SearchRegister(v.body), _fields(words="targi")), Scene(ANNA, b.SearchRegister(v.body), _fields(words="żyrafa")),
        ),
    }  # fmt: skip


def _moved(make: Callable[[proposed.Proposed], Sequence[Intent]]) -> Build:
    def build(s: Stage, _p: Props) -> tuple[Scene, ...]:
        asked = make(s.proposed)
        kind = type(asked[0])
        whom = (
            *((KINGA,) if kind not in proposed.OF_GOPS else ()),
            *((ANNA,) if kind in proposed.OPEN | proposed.OF_GOPS | proposed.OF_GOPS_OR_LED else ()),
        )
        scenes = [Scene(who, intent) for who in whom for intent in asked]
        if kind in proposed.AFTER:
            before, intent = proposed.AFTER[kind](s.proposed)
            scenes.append(Scene(KINGA, intent, after=before))
        return tuple(scenes)

    return build


def _read(make: Callable[[archived.Archived], Sequence[Intent]]) -> Build:
    def build(s: Stage, _p: Props) -> tuple[Scene, ...]:
        asked = make(s.archived)
        leads = type(asked[0]) in archived.OF_GOPS_OR_LED | {archive_intents.SeeTask}
        return (*(Scene(ANNA, intent) for intent in asked), *(Scene(KINGA, intent) for intent in asked if leads))

    return build


def _checked(s: Stage, _p: Props) -> tuple[Scene, ...]:
    """What anybody is told of a document: by its code, right and wrong, and by a file that is none of ours."""
    a = archive_intents
    return (
        Scene(STRANGER, a.CheckDocument(), _fields(code=s.archived.code)), Scene(STRANGER, a.CheckDocument(), _fields(code="7PS-2-0123456789AB")),
        Scene(STRANGER, a.CheckDocument(), _fields(code="")), Scene(STRANGER, a.CheckDocument(), Given(file=b"%PDF-1.7", fields={"code": ""})),
    )  # fmt: skip


def _written(make: Callable[[minuted.Minuted], Sequence[Intent]]) -> Build:
    def build(s: Stage, _p: Props) -> tuple[Scene, ...]:
        asked = make(s.minuted)
        scenes = [Scene(KINGA, intent) for intent in asked]
        if type(asked[0]) in minuted.AFTER:
            before, intent = minuted.AFTER[type(asked[0])](s.minuted)
            scenes.append(Scene(KINGA, intent, after=before))
        return tuple(scenes)

    return build


def _mine(kind: type[Intent]) -> Build:
    return lambda _s, _p: (Scene(ANNA, polled.OWN[kind]),)


def _wrongly_filled(s: Stage, _p: Props) -> Mapping[type[Intent], tuple[Scene, ...]]:
    """Forms of a meeting as they come back with what was wrong, and what a stranger sees who scanned the code."""
    g = s.gathering
    return {
        agenda_intents.DeclineItem: (Scene(KINGA, agenda_intents.DeclineItem(g.proposal), _fields(reason="")),),
        agenda_intents.CorrectTimes: (
            Scene(KINGA, agenda_intents.CorrectTimes(g.presence), _fields(arrived="dziesiąta", left="11:90")),
        ),
        agenda_intents.AttachMaterial: (
            Scene(KINGA, agenda_intents.AttachMaterial(g.meeting), Given(file=b"MZ", file_name="program.exe")),
        ),
        minutes_intents.AttachDraftFile: (
            Scene(KINGA, minutes_intents.AttachDraftFile(s.minuted.draft), Given(file=b"MZ", file_name="program.exe")),
        ),
        agenda_intents.SayHere: (Scene(ANNA, agenda_intents.SayHere(g.meeting, 0, ""), _fields(code="111111")),),
        agenda_intents.SeeHere: (Scene(STRANGER, agenda_intents.SeeHere(g.meeting, gathered.CODE)),),
    }


#: What is asked for, by whom. A new kind of intent without a scene fails the test that walks them.
SCENES: Final[Mapping[type[Intent], Build]] = {
    Home: lambda s, _p: (Scene(ANNA, Home()), Scene(ANNA, Home(), after=_sent(s)), Scene(KINGA, Home()), Scene(STRANGER, Home())),
    intents.Help: lambda _s, _p: (Scene(ANNA, intents.Help()), Scene(STRANGER, intents.Help())),
    **_by(
        ANNA, intents.Privacy, intents.Settings, intents.AskLeave, intents.Leave, intents.Pause, intents.SignOut,
        intents.Accessibility, intents.SeeMine, intents.DownloadMine, intents.AskName, intents.AskEmail, intents.AskErase,
        intents.Erase, intents.AcceptNotice,
    ),
    **_by(STRANGER, intents.DeclineInvitation, intents.SeeSignIn),
    intents.ChooseLanguage: lambda _s, _p: (Scene(ANNA, intents.ChooseLanguage("uk")),),
    intents.ChangeName: lambda _s, _p: (
        Scene(ANNA, intents.ChangeName(), _fields(name="Anna Nowa")), Scene(ANNA, intents.ChangeName(), _fields(name="")),
    ),
    intents.ChangeEmail: lambda _s, _p: (
        Scene(ANNA, intents.ChangeEmail(), _fields(email="anna@gops.example")), Scene(ANNA, intents.ChangeEmail(), _fields(email="anna")),
    ),
    intents.SeeEmailLink: lambda _s, p: (Scene(ANNA, intents.SeeEmailLink(p.email)), Scene(STRANGER, intents.SeeEmailLink("x" * 24))),
    intents.ConfirmEmail: lambda _s, p: (Scene(ANNA, intents.ConfirmEmail(p.email)),),
    intents.SeeInvitation: lambda s, _p: (
        Scene(STRANGER, intents.SeeInvitation(s.janow.tokens[GOPS, "head"])),
        Scene(STRANGER, intents.SeeInvitation(s.ilawa.tokens["PUP Iława", "head"])),
        Scene(STRANGER, intents.SeeInvitation(s.ilawa.tokens["PUP Iława", "head"], "uk")),
    ),
    intents.AcceptInvitation: lambda s, _p: (Scene(STRANGER, intents.AcceptInvitation(s.ilawa.tokens["PUP Iława", "head"], "pl")),),
    intents.OpenCard: lambda s, _p: (
        Scene(ANNA, intents.OpenCard(s.janow.round, s.janow.memberships[GOPS])),
        Scene(ANNA, intents.OpenCard(s.janow.round, s.janow.memberships[GOPS]), after=_sent(s)),
    ),
    intents.ChangeCard: lambda s, _p: (
        Scene(ANNA, intents.ChangeCard(s.janow.round, s.janow.memberships[GOPS])),
        Scene(ANNA, intents.ChangeCard(s.janow.round, s.janow.memberships[GOPS]), after=_sent(s)),
    ),
    intents.SeeCard: lambda s, _p: (
        Scene(ANNA, intents.SeeCard(s.janow.round, s.janow.memberships[GOPS])),
        Scene(ANNA, intents.SeeCard(s.janow.round, s.janow.memberships[GOPS]), after=_sent(s)),
    ),
    intents.Begin: lambda s, _p: (Scene(IDA, intents.Begin(s.drafts[IDA][0])),),
    intents.TakeOver: lambda s, _p: (Scene(ANNA, intents.TakeOver(*s.drafts[ANNA])),),
    intents.SeeMonth: lambda s, _p: (Scene(IDA, intents.SeeMonth(*s.drafts[IDA], 24324)),),
    Resume: lambda s, _p: (Scene(ANNA, Resume(s.drafts[ANNA][0])), Scene(IDA, Resume(s.drafts[IDA][0]))),
    intents.AskDiscard: lambda s, _p: (Scene(ANNA, intents.AskDiscard(*s.drafts[ANNA])),),
    intents.Discard: lambda s, _p: (Scene(ANNA, intents.Discard(*s.drafts[ANNA])),),
    Touch: lambda s, _p: (
        Scene(ANNA, Touch(*s.drafts[ANNA], "confirm")), Scene(ANNA, Touch(*s.drafts[ANNA], "edit", "contact_forms")),
        Scene(ANNA, Touch(*s.drafts[ANNA], "edit", "conclusion")), Scene(IDA, Touch(s.drafts[IDA][0], 1, "skip")),
    ),
    Fill: lambda s, _p: (
        Scene(IDA, Fill(*s.drafts[IDA])), Scene(IDA, Fill(*s.drafts[IDA]), Given(Written(("4",)))),
    ),
    intents.SeeCoverage: lambda s, _p: (Scene(KINGA, intents.SeeCoverage(s.janow.round)),),
    intents.OpenPage: lambda s, _p: (Scene(ANNA, intents.OpenPage(f"r.{s.drafts[ANNA][0]}")),),
    intents.OpenChat: lambda s, _p: (Scene(ANNA, intents.OpenChat(s.drafts[ANNA][0])),),
    intents.Connect: lambda _s, p: (Scene(ANNA, intents.Connect(p.connect)),),
    intents.AskLink: lambda _s, _p: (
        Scene(STRANGER, intents.AskLink(), _fields(email="anna@gops.example")), Scene(STRANGER, intents.AskLink(), _fields(email="anna")),
    ),
    intents.SeeEntry: lambda _s, p: (Scene(STRANGER, intents.SeeEntry(p.enter)), Scene(STRANGER, intents.SeeEntry("x" * 24))),
    intents.Enter: lambda _s, p: (Scene(STRANGER, intents.Enter(p.enter)),),
    intents.Stay: lambda _s, _p: (Scene(ANNA, intents.Stay("h")),),
    intents.SeeDesk: _desk(intents.SeeDesk),
    intents.SeeMembers: _desk(intents.SeeMembers),
    intents.SeeInstitution: lambda s, _p: (Scene(KINGA, intents.SeeInstitution(s.janow.memberships[GOPS])),),
    intents.SeeSeat: lambda s, _p: tuple(Scene(KINGA, intents.SeeSeat(s.seats[GOPS, role])) for role in ("head", "delegate")),
    intents.SeePosts: _desk(intents.SeePosts),
    intents.SeePost: _post(intents.SeePost),
    intents.IssueInvitation: lambda s, _p: (Scene(KINGA, intents.IssueInvitation(s.seats["Biblioteka Modliborzyce", "head"], 0)),),
    intents.SendInvitation: lambda s, _p: (Scene(KINGA, intents.SendInvitation(s.seats["Biblioteka Modliborzyce", "head"], 0)),),
    intents.SeeInvitations: _desk(intents.SeeInvitations),
    intents.SendInvitations: _desk(intents.SendInvitations),
    intents.AskPrint: _desk(intents.AskPrint),
    intents.PrintInvitations: _desk(intents.PrintInvitations),
    intents.AskHandOver: _seat(intents.AskHandOver),
    intents.HandOver: _seat(intents.HandOver, name="", email="zla"),
    intents.AskVacate: _seat(intents.AskVacate),
    intents.Vacate: _seat(intents.Vacate),
    intents.AskGivePost: _post(intents.AskGivePost),
    intents.GivePost: _post(intents.GivePost, name="", email="zla"),
    intents.SeeImport: _desk(intents.SeeImport),
    intents.PreviewRoster: lambda s, _p: (
        Scene(KINGA, intents.PreviewRoster(s.janow.body), Given(file=ROSTER)),
        Scene(KINGA, intents.PreviewRoster(s.janow.body), Given(file=b"\x00")),
        Scene(KINGA, intents.PreviewRoster(s.janow.body), Given(file=_demo_roster())),
    ),
    **{kind: _on_plan(make) for kind, make in planned.BUTTONS.items()},
    **{kind: _at_meeting(make) for kind, make in gathered.BUTTONS.items()},
    **{kind: _called(make) for kind, make in convened.BUTTONS.items()},
    **{kind: _asked(make) for kind, make in polled.BUTTONS.items()},
    **{kind: _moved(make) for kind, make in proposed.BUTTONS.items()},
    proposal_intents.NoteStance: lambda s, _p: tuple(
        Scene(KINGA, proposal_intents.NoteStance(s.proposed.round, s.proposed.ops, stance), given)
        for stance, given in (
            ("agree", Given()), ("object", _fields(reason="", remedy="Mniej")), ("object", _fields(reason="Za drogo", remedy="Mniej")),
        )
    ),
    **{kind: _voted(make) for kind, make in balloted.BUTTONS.items()},
    **{kind: _read(make) for kind, make in archived.BUTTONS.items()},
    archive_intents.SearchArchive: lambda s, _p: (
        Scene(ANNA, archive_intents.SearchArchive(s.archived.body), _fields(words="targi")),
        Scene(ANNA, archive_intents.SearchArchive(s.archived.body), _fields(words="żyrafa")),
        Scene(ANNA, archive_intents.SearchArchive(s.archived.body)),
    ),
    archive_intents.SeeCheck: lambda s, _p: (
        Scene(STRANGER, archive_intents.SeeCheck()), Scene(STRANGER, archive_intents.SeeCheck(s.archived.final_code)),
        Scene(ANNA, archive_intents.SeeCheck("x")),
    ),
    archive_intents.CheckDocument: _checked,
    **{kind: _written(make) for kind, make in minuted.BUTTONS.items()},
    **{kind: _mine(kind) for kind in polled.OWN},
    group_intents.SeeChat: lambda s, _p: (
        Scene(KINGA, group_intents.SeeChat(s.janow.body)),
        Scene(KINGA, group_intents.SeeChat(s.janow.body), after=(group_intents.UnlinkChat(s.janow.body),)),
    ),
    group_intents.SeeMyCalendar: lambda _s, _p: (
        Scene(ANNA, group_intents.SeeMyCalendar()), Scene(ANNA, group_intents.SeeMyCalendar(), after=(group_intents.MakeMyCalendar(),)),
    ),
    group_intents.SeeStop: lambda _s, p: (Scene(STRANGER, group_intents.SeeStop(p.stop)), Scene(STRANGER, group_intents.SeeStop("x" * 24))),
    group_intents.StopReminders: lambda _s, p: (Scene(STRANGER, group_intents.StopReminders(p.stop)),),
    meeting_intents.SeeMeetings: lambda _s, _p: (
        Scene(ANNA, meeting_intents.SeeMeetings()), Scene(KINGA, meeting_intents.SeeMeetings(1)),
    ),
    intents.ConfirmRoster: lambda s, _p: (Scene(KINGA, intents.ConfirmRoster(s.janow.body, 1), _fields(sha256="0" * 64)),),
}  # fmt: skip

_LONG: Final = "Gminnypowiatowyinterdyscyplinarnyzespółdospołecznegowłączeniaizatrudnieniawspomaganego"


async def gallery(door: Door, made: Stage) -> Mapping[str, Picture]:
    """Give every picture by its name: the intent, then a number where there are several; then questions, then errors."""
    props = await door.act(lambda uow: _props(uow, made))
    found = {}
    for kind, build in SCENES.items():
        badly = (*_wrongly_filled(made, props).get(kind, ()), *_papers(made, props).get(kind, ()))
        for number, scene in enumerate((*build(made, props), *badly), start=1):
            assert type(scene.intent) is kind
            found[f"{kind.__name__} {number}"] = await _seen(door, made, scene)
    found |= dict(_questions())
    found["everything"] = _everything()
    return found | {f"{name}, refused": wrong for name, picture in found.items() if (wrong := _refused(picture)) is not None}


def missing() -> set[str]:
    """Give the kinds of intent that have no scene."""
    return {kind.__name__ for kind in {*reception.VISITS, *get_args(Intent)} - SCENES.keys()}


def _props(uow: UnitOfWork, made: Stage) -> Props:
    anna = made.persons[ANNA]
    return Props(
        links.issue(uow, anna, "enter", place="h").token, links.issue(uow, anna, "email", email="a@gops.example").token,
        links.issue(uow, anna, "connect").token, links.issue(uow, anna, "stop").token,
    )  # fmt: skip


@dataclass
class _TakenBackError(Exception):
    """Ends the unit of work without a commit."""

    picture: Picture = field()


async def _seen(door: Door, made: Stage, scene: Scene) -> Picture:
    signed_in = scene.who not in (STRANGER, FORMER)
    visitor = Visitor(
        Reader(made.persons[scene.who]) if signed_in else None, "pl", given=scene.given, browser=made.cookies[scene.who],
        address="192.0.2.1",
    )  # fmt: skip

    def work(uow: UnitOfWork) -> None:
        for earlier in scene.after:
            assert reception.answer(uow, visitor, earlier)[0].refusal is None
        reply, t = reception.answer(uow, visitor, scene.intent)
        here = scene.intent if type(scene.intent) in LOOKS else reply.at or Home()
        inside = signed_in if reply.session is None else bool(reply.session)
        frame = Frame(
            here=here, csrf=TOKEN, signed_in=inside, ends_at=uow.now + timedelta(hours=2) if inside else None,
            given=scene.given if reply.refusal or (reply.talk and reply.talk.problem) else None,
            switch=() if inside or "language" in type(here).__slots__ else tuple((code, f"?lang={code}") for code in i18n.languages()),
        )  # fmt: skip
        raise _TakenBackError(Picture(reply.screen, t, frame))

    try:
        await door.act(work)
    except _TakenBackError as seen:
        return seen.picture
    raise AssertionError("the unit of work was not taken back")


def _questions() -> Iterator[tuple[str, Picture]]:
    """Give every type of question as it is first met, answered, and refused: those of a flow that has them all."""
    t = i18n.translator("pl")
    flow = trial()
    state, _ = engine.start(flow, TRIAL_FACTS)
    answers: dict[str, object] = {
        "frequency": "rarely", "reasons": ("staff", "law"), "law_detail": "Zapas", "quality": 2, "quality_why": "Zapas\ni więcej",
        "actions": 12, "cost": "3.5", "host": True, "host_day": "2026-12-01", "host_hour": "10:30", "visit": "2027-01-12T10:00", "slots": ("d1",), "agree": True,
    }  # fmt: skip
    extra = {"institution": GOPS, "body": "LSR Janów Lubelski", "period": "2026-H2", "closes_on": date(2026, 12, 1).isoformat()}
    while state.cursor is not None:
        shown = view(flow, state, t.flow, t)
        assert isinstance(shown, QuestionView)
        held = replace(state, facts={**extra, **state.facts, "closes_on": extra["closes_on"]})
        talk = Talk(1, Known(1, "pl", None), flow, held, (), Subject(flow.file.submit, 1, round=1, membership=1), None)
        frame = Frame(here=Resume(1), csrf=TOKEN, signed_in=True)
        yield f"question {shown.kind} {shown.id}", Picture(card.conversation(talk, t, NOW), t, frame)
        wrong = Reject(state.cursor, Problem("Nothing is sent until you confirm."))
        kept = Written(tuple(choice.id for choice in shown.choices[:1]), "32.13.2026" if shown.kind == "date" else "25:99")
        refused = replace(talk, effects=(wrong,), kept=kept)
        yield f"question {shown.kind} {shown.id}, wrong", Picture(card.conversation(refused, t, NOW), t, frame, 422)
        state, effects = engine.apply(flow, state, Answer(state.turn, state.cursor, answers.pop(shown.id)))
        assert not any(isinstance(one, Reject) for one in effects), (shown.id, effects)
    assert not answers, "every question was asked"
    kinds = {question.type for question in flow.file.questions}
    assert kinds == {"single", "multi", "scale", "number", "text", "date", "moment", "time", "yesno", "confirm", "slots"}


def _everything() -> Picture:
    """Give a screen with every part at once, its words long and without a place to break."""
    outside = Action("Otwórz w Telegramie", url="https://t.me/konwent_test_bot")
    fields = (
        Field("name", _LONG, hint="Podpowiedź.", value="Anna", autocomplete="name", problem="Proszę podać imię i nazwisko."),
        Field("email", "E-mail", kind="email", value="<b>anna</b>", problem="Proszę podać adres.", required=False),
        Field("roster", "Lista", kind="file", accept=".csv,.xlsx"), Field("sha256", "", kind="hidden", value="0"),
    )  # fmt: skip
    screen = Screen(
        f"Wszystko: {_LONG}", context=(_LONG, "do 1 grudnia"), notice=f"Zapisano. {_LONG}", problem="Proszę poprawić formularz.",
        paragraphs=(_LONG, "Akapit."), facts=(("Sieć", _LONG), (_LONG, "tak")), items=("pierwsza", _LONG), numbered=True,
        rows=(Row("Wspólne cele", _LONG, Action("Zmień", intents.Stay("h"))), Row(_LONG, "", Action("Zobacz", Home())), Row("sam napis")),
        notes=(_LONG,), trail=(Action("Moje sprawy", Home()), Action(_LONG, intents.SeeDesk(1))),
        actions=(
            (Action("Zatwierdź i wyślij", intents.SignOut(), weight="main"), Action("Usuń", intents.Erase(), weight="danger")),
            (Action(_LONG, intents.SignOut()), Action("Pomoc", intents.Help()), outside, Action("tylko czat", Home(), only="chat")),
            (Action("українська", intents.ChooseLanguage("uk")), Action("Do strony", Home(), weight="main")),
        ),
        form=Form(intents.HandOver(1), fields, "Przekaż", intents.AskHandOver(1)),
    )  # fmt: skip
    frame = Frame(csrf=TOKEN, signed_in=True, kept=f"Tekst\n{_LONG}", switch=(("pl", "?lang=pl"), ("uk", "?lang=uk")))
    return Picture(screen, i18n.translator("pl"), frame, 422)


def _refused(picture: Picture) -> Picture | None:
    """Give the same page when its form was refused; ``None`` if it has none to fill in, or is refused already."""
    form = picture.screen.form
    if form is None or picture.screen.problem or all(one.kind == "hidden" for one in form.fields):
        return None
    wrong = tuple(replace(one, problem=f"Proszę poprawić: {one.label}") if one.kind != "hidden" else one for one in form.fields)
    screen = replace(picture.screen, form=replace(form, fields=wrong), problem="Proszę poprawić formularz.")
    return replace(picture, screen=screen, status=422)
