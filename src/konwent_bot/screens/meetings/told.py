"""How a notice went, in words: the same on every list of the ledger."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from konwent_bot.errors import N_
from konwent_bot.i18n import Translator
from konwent_bot.office.notices import Told
from konwent_bot.screens import words

_OCCASIONS: Final = {
    "meeting.invitation": N_("call to the meeting"),
    "meeting.changed": N_("change"),
    "meeting.cancelled": N_("calling off"),
    "meeting.withdrawn": N_("not called any more"),
    "meeting.reminder": N_("reminder"),
    "meeting.agenda": N_("agenda"),
    "agenda.declined": N_("answer to a proposal for the agenda"),
    "status.missing": N_("reminder of the report"),
    "obligation": N_("reminder of a meeting that is owed"),
    "meeting.plan": N_("plan of the year"),
    "group.meeting": N_("announcement in the group"),
    "poll.opened": N_("poll for a date"),
    "poll.reminder": N_("reminder of the poll"),
    "poll.closed": N_("result of the poll"),
    "poll.dropped": N_("poll taken off"),
    "proposal.entered": N_("new proposal"),
    "proposal.amended": N_("new text of a proposal"),
    "proposal.postponed": N_("proposal put off"),
    "proposal.withdrawn": N_("proposal withdrawn"),
    "consensus.opened": N_("question whether anybody objects"),
    "consensus.called": N_("final call: whether anybody objects"),
    "consensus.reminder": N_("reminder of the question whether anybody objects"),
    "consensus.ended": N_("no consensus"),
    "ballot.opened": N_("call to vote"),
    "ballot.reminder": N_("reminder to vote"),
    "decision.taken": N_("decision"),
    "minutes.circulated": N_("minutes to be answered"),
    "minutes.reminder": N_("reminder of the minutes"),
    "minutes.final": N_("final version of the minutes"),
    "minutes.annex": N_("annex to the minutes"),
    "minutes.remark": N_("remarks on the minutes"),
    "minutes.remark_settled": N_("answer to a remark on the minutes"),
    "minutes.settle": N_("what is to be done about the minutes"),
    "task.given": N_("task"),
    "task.soon": N_("reminder of a task"),
    "task.due": N_("reminder of a task on its day"),
    "invitation": N_("invitation to the network"),
}
_CHANNELS: Final = {"telegram": N_("Telegram"), "mail": N_("e-mail")}
#: Reasons that say something to a coordinator; of the others they see that it was refused.
_REASONS: Final = {
    "no_address": N_("there is no address"),
    "switched_off": N_("reminders by e-mail are switched off"),
    "no_links": N_("the address of the pages is not set"),
    "blocked": N_("the bot is blocked"),
    "bad_address": N_("the address is none"),
    "interrupted": N_("it was interrupted"),
}


def occasion(t: Translator, name: str) -> str:
    """Name what a notice was about."""
    return t(_OCCASIONS[name]) if name in _OCCASIONS else t("another message")


def channel(t: Translator, name: str) -> str:
    """Name a channel."""
    return t(_CHANNELS[name]) if name in _CHANNELS else name


def role(t: Translator, code: str) -> str:
    """Name the place somebody was told by."""
    if code == "guest":
        return t("guest")
    if code == "group_chat":
        return t("group chat")
    return t("somebody called before") if code == "former" else words.place(t, code)


def went(t: Translator, told: Told | None) -> str:
    """Say how a notice went: by what and when it was sent, or what stands in its way."""
    if told is None:
        return t("nothing was sent yet")
    why = t(_REASONS[told.why]) if told.why in _REASONS else ""
    match told.outcome:
        case None:
            if told.tries:
                return t("is tried again ({reason})", reason=why) if why else t("is tried again")
            return t("waits to be sent")
        case "sent":
            return t(
                "sent, {channel}, {when}", channel=", ".join(channel(t, one) for one in told.by), when=_when(t, told.settled_at)
            )
        case "refused":
            return t("could not be delivered: {reason}", reason=why or t("the other side refused it"))
        case "failed":
            return t("given up after many tries")
        case "uncertain":
            return t("may have arrived, {when}", when=_when(t, told.settled_at))
        case "unwanted":
            return t("was not needed any more")


def _when(t: Translator, at: datetime | None) -> str:
    """Say when in a line of a list: "pon., 30 lis, 09:04"."""
    return "" if at is None else t("{day}, {hour}", day=t.short_day(at), hour=t.time(at))
