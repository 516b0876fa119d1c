"""What is said once a conversation is over: its title and the ways on, by the act it submitted to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from konwent_bot.errors import N_
from konwent_bot.i18n import Translator
from konwent_bot.office.dialogues import Talk
from konwent_bot.office.subjects import CARD, Outcome
from konwent_bot.screens.agenda_intents import InviteGuest, SeeAgenda, SeeGuests, SeeReport
from konwent_bot.screens.archive_intents import SeeMinutes
from konwent_bot.screens.ballot_intents import SeeDecision, SeeTasks
from konwent_bot.screens.group_intents import SeePoll
from konwent_bot.screens.intents import ChangeCard
from konwent_bot.screens.meeting_intents import SeeMeeting
from konwent_bot.screens.minutes_intents import SeeDraft, SeePoint, SeeRemarks
from konwent_bot.screens.plan_intents import SeeGroup, SeeGroups, SeePlan, SeeProposal, SeeProposals
from konwent_bot.screens.proposal_intents import SeeDiscussion, SeeMotion, SeeRound
from konwent_bot.screens.screen import Action


@dataclass(frozen=True, slots=True)
class Closing:
    """The words of an act."""

    #: Heading once it is done.
    title: str
    #: Label of the button that does it.
    confirm: str
    #: Ways on, each on a row of its own.
    actions: tuple[Action, ...] = ()


def _card(talk: Talk, _o: Outcome, t: Translator) -> Closing:
    subject = talk.subject
    change = Action(t("Change the answers"), ChangeCard(subject.round or 0, subject.membership or 0))
    return Closing(t("The card has been sent"), t("Confirm and send"), (change,))


def _meeting(title: str, confirm: str) -> Callable[[Talk, Outcome, Translator], Closing]:
    """Lead back to the meeting it was about."""

    def said(_talk: Talk, outcome: Outcome, t: Translator) -> Closing:
        ways = () if outcome.meeting is None else (Action(t("See the meeting"), SeeMeeting(outcome.meeting)),)
        return Closing(t(title), t(confirm), ways)

    return said


def _plan(talk: Talk, outcome: Outcome, t: Translator) -> Closing:
    """Lead to the proposals of the year that was planned (``made``)."""
    see = Action(t("See the proposals"), SeeProposals(talk.subject.body, outcome.made or 0), weight="main")
    return Closing(t("The proposals are ready"), t("Propose dates"), (see,))


def _entered(talk: Talk, outcome: Outcome, t: Translator) -> Closing:
    plan = Action(t("See the plan of the year"), SeePlan(talk.subject.body, 0))
    ways = () if outcome.meeting is None else (Action(t("See the meeting"), SeeMeeting(outcome.meeting), weight="main"),)
    return Closing(t("The meeting is on the plan"), t("Add the meeting"), (*ways, plan))


def _adjusted(talk: Talk, _o: Outcome, t: Translator) -> Closing:
    see = Action(t("Back to the plan"), SeeProposal(talk.subject.meeting or 0), weight="main")
    return Closing(t("The change is saved"), t("Save the change"), (see,))


def _poll(_t: Talk, outcome: Outcome, t: Translator) -> Closing:
    ways = () if outcome.meeting is None else (Action(t("See the poll"), SeePoll(outcome.meeting), weight="main"),)
    return Closing(t("The poll is open"), t("Ask about these dates"), ways)


def _group(talk: Talk, outcome: Outcome, t: Translator) -> Closing:
    see = SeeGroups(talk.subject.body) if outcome.made is None else SeeGroup(outcome.made)
    way = Action(t("See the working group") if outcome.made is not None else t("Working groups"), see)
    return Closing(t("The working group is set up"), t("Set it up"), (way,))


def _item(talk: Talk, _o: Outcome, t: Translator) -> Closing:
    see = Action(t("See the agenda"), SeeAgenda(talk.subject.meeting or 0), weight="main")
    if talk.subject.membership is None:
        return Closing(t("The item is on the agenda"), t("Add the item"), (see,))
    return Closing(t("The proposal is sent"), t("Propose the item"), (see,))


def _report(talk: Talk, _o: Outcome, t: Translator) -> Closing:
    see = Action(t("See the report"), SeeReport(talk.subject.meeting or 0), weight="main")
    return Closing(t("The report is saved"), t("Save the report"), (see,))


def _guest(talk: Talk, _o: Outcome, t: Translator) -> Closing:
    meeting = talk.subject.meeting or 0
    ways = (
        Action(t("See the guests"), SeeGuests(meeting), weight="main"),
        Action(t("Invite another guest"), InviteGuest(meeting)),
    )
    return Closing(t("The guest is on the list"), t("Invite the guest"), ways)


def _motion(title: str, confirm: str) -> Callable[[Talk, Outcome, Translator], Closing]:
    """Lead to the proposal it made or is about."""

    def said(talk: Talk, outcome: Outcome, t: Translator) -> Closing:
        number = outcome.proposal or talk.subject.proposal
        ways = () if number is None else (Action(t("See the proposal"), SeeMotion(number), weight="main"),)
        return Closing(t(title), t(confirm), ways)

    return said


def _rule(talk: Talk, outcome: Outcome, t: Translator) -> Closing:
    new = talk.subject.proposal is None
    words = (
        (N_("The proposal is entered"), N_("Propose this rule"))
        if new
        else (N_("The proposal asks for another rule now"), N_("Choose this rule"))
    )
    return _motion(*words)(talk, outcome, t)


def _comment(talk: Talk, _o: Outcome, t: Translator) -> Closing:
    number = talk.subject.proposal or 0
    ways = (
        Action(t("See the proposal"), SeeMotion(number), weight="main"),
        Action(t("See the discussion"), SeeDiscussion(number)),
    )
    return Closing(t("It stands in the discussion"), t("Say it"), ways)


def _stance(title: str, confirm: str) -> Callable[[Talk, Outcome, Translator], Closing]:
    """Lead back to the round a stance was taken in."""

    def said(talk: Talk, _o: Outcome, t: Translator) -> Closing:
        return Closing(
            t(title), t(confirm), (Action(t("Back to the question"), SeeRound(talk.subject.consensus or 0), weight="main"),)
        )

    return said


def _task(talk: Talk, _o: Outcome, t: Translator) -> Closing:
    see = Action(t("See the decision"), SeeDecision(talk.subject.decision or 0), weight="main")
    return Closing(t("The task is noted"), t("Give this task"), (see,))


def _task_of_minutes(talk: Talk, _o: Outcome, t: Translator) -> Closing:
    return Closing(t("The task is noted"), t("Give this task"), (*_point(talk, t), _tasks(talk, t)))


def _tasks(talk: Talk, t: Translator) -> Action:
    return Action(t("Tasks to be done"), SeeTasks(talk.subject.body))


def _point(talk: Talk, t: Translator) -> tuple[Action, ...]:
    """Lead back to the point of the minutes something was written under, and to the minutes."""
    minutes, item = talk.subject.minutes or 0, talk.subject.item
    whole = Action(t("See the minutes"), SeeDraft(minutes))
    if item is None:
        return (whole,)
    return (Action(t("Back to the point"), SeePoint(minutes, f"item-{item}" if item else "end"), weight="main"), whole)


def _written(title: str, confirm: str) -> Callable[[Talk, Outcome, Translator], Closing]:
    """Lead back to the point of the minutes."""

    def said(talk: Talk, _o: Outcome, t: Translator) -> Closing:
        return Closing(t(title), t(confirm), _point(talk, t))

    return said


def _annex(talk: Talk, _o: Outcome, t: Translator) -> Closing:
    minutes = talk.subject.minutes or 0
    ways = (Action(t("What was sent out"), SeeMinutes(minutes), weight="main"), Action(t("See the minutes"), SeeDraft(minutes)))
    return Closing(t("The annex is on its way to all institutions"), t("Send the annex to all institutions"), ways)


def _remarked(talk: Talk, _o: Outcome, t: Translator) -> Closing:
    see = Action(t("See the minutes"), SeeMinutes(talk.subject.minutes or 0), weight="main")
    return Closing(t("The remark is sent to the coordinator"), t("Send the remark"), (see,))


def _declined(talk: Talk, _o: Outcome, t: Translator) -> Closing:
    minutes = talk.subject.minutes or 0
    ways = (
        Action(t("Remarks of institutions"), SeeRemarks(minutes), weight="main"),
        Action(t("See the minutes"), SeeDraft(minutes)),
    )
    return Closing(t("The remark is declined"), t("Decline the remark"), ways)


def _task_done(talk: Talk, _o: Outcome, t: Translator) -> Closing:
    return Closing(t("The task is done"), t("Say that it is done"), (_tasks(talk, t),))


CLOSINGS: Final[Mapping[str, Callable[[Talk, Outcome, Translator], Closing]]] = {
    CARD: _card,
    "agenda.propose": _item,
    "decision.task": _task,
    "guest.invite": _guest,
    "meeting.absence": _meeting(N_("Saved"), N_("Save")),
    "meeting.adjust": _adjusted,
    "meeting.cancel": _meeting(N_("The meeting has been called off"), N_("Call the meeting off")),
    "meeting.change": _meeting(N_("The meeting has been changed"), N_("Change the meeting")),
    "meeting.enter": _entered,
    "meeting.plan": _plan,
    "meeting.substitute": _meeting(N_("The substitute has been named"), N_("Name the substitute")),
    "minutes.annex": _annex,
    "minutes.change": _written(N_("The text is changed"), N_("Change it so")),
    "minutes.decline": _declined,
    "minutes.remark": _remarked,
    "minutes.task": _task_of_minutes,
    "minutes.write": _written(N_("The paragraph is in the minutes"), N_("Add to the minutes")),
    "poll.open": _poll,
    "proposal.amend": _motion(N_("The new text is entered"), N_("Enter the new text")),
    "proposal.comment": _comment,
    "proposal.enter": _motion(N_("The proposal is entered"), N_("Enter the proposal")),
    "rule.propose": _rule,
    "stance.object": _stance(N_("The objection is noted"), N_("Enter the objection")),
    "stance.reserve": _stance(N_("The reservation is noted"), N_("Agree with this reservation")),
    "status.report": _report,
    "task.done": _task_done,
    "working_group.set_up": _group,
}


def closing(talk: Talk, t: Translator) -> Closing:
    """Give the words for a conversation, before and after it is submitted."""
    return CLOSINGS[talk.subject.act](talk, talk.outcome or Outcome(talk.subject.body), t)
