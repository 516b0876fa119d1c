"""The way back from a proposal and from what lies below it."""

from __future__ import annotations

from konwent_bot.i18n import Translator
from konwent_bot.office.decisions.facts import Proposal
from konwent_bot.office.decisions.rounds import Round
from konwent_bot.screens.home import to_home
from konwent_bot.screens.proposal_intents import SeeMeetingMotions, SeeMotion, SeeMotions, SeeRound
from konwent_bot.screens.screen import Action


def trail(t: Translator, proposal: Proposal, *, above: Round | None = None, at: bool = False) -> tuple[Action, ...]:
    """Lead back: home, the list it stands in, and (``at``: from below it) the proposal, then the round ``above``."""
    listed = SeeMotions(proposal.body) if proposal.meeting is None else SeeMeetingMotions(proposal.meeting)
    ways = [to_home(t), Action(t("Proposals to decide"), listed)]
    if at or above is not None:
        ways.append(Action(t("The proposal"), SeeMotion(proposal.id)))
    if above is not None:
        ways.append(Action(t("The question"), SeeRound(above.id)))
    return tuple(ways)
