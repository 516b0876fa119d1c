"""Beginning the conversations about proposals: what each flow is told of this moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from konwent_bot.dialogue import limits
from konwent_bot.dialogue.values import Answers, GivenFact
from konwent_bot.i18n import Translator
from konwent_bot.office import opening
from konwent_bot.office.decisions import facts, proposals, settings
from konwent_bot.office.decisions.facts import Proposal
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.people import Known
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.meetings.beginning import begun
from konwent_bot.screens.meetings.words import heading
from konwent_bot.screens.visiting import Reply, Visitor


def begin(
    uow: UnitOfWork, visitor: Visitor, person: Known, subject: Subject, t: Translator, given: Mapping[str, GivenFact], *,
    standing: Answers | None = None, opens: bool = False,
) -> Reply:  # fmt: skip
    """Begin a conversation, or show where it stands. ``standing``: what is there already; ``opens``: as ``meetings.beginning``."""
    talk = opening.begin(uow, person, subject, given, answers=standing, page=visitor.page)
    return begun(uow, visitor, talk, t, opens=opens)


def about(proposal: Proposal, **given: GivenFact) -> dict[str, GivenFact]:
    """Give what every conversation about a proposal is told."""
    return {"body": proposal.body_name, "proposal": proposal.title, **given}


def how_decided(uow: UnitOfWork, body: int, at: Meeting | None, t: Translator) -> dict[str, GivenFact]:
    """Give what a flow needs to ask under which matter of an agenda, or (without a meeting) until when by circulation, something is decided."""
    offered = [] if at is None else proposals.items(uow, at)
    days = settings.of(uow, body).circulation_days
    return {
        "where": t("Decided by circulation: institutions answer without a meeting.") if at is None else heading(t, at),
        "has_items": bool(offered), "items": _slots([(str(one), title) for one, title in offered]),
        "first_day": uow.today + timedelta(days=1), "last_day": uow.today + timedelta(days=settings.MOST_CIRCULATION),
        "usual_day": uow.today + timedelta(days=days),
    }  # fmt: skip


def superseding(uow: UnitOfWork, body: int) -> dict[str, GivenFact]:
    """Give the decisions another one may take the place of, as a flow offers them: the newest, as many as fit."""
    found = proposals.supersedable(uow, body)
    slots = _slots([(str(one), f"{number}: {title}") for one, number, title in found])
    return {"has_decisions": bool(found), "decisions": slots}


def speaker(uow: UnitOfWork, proposal: Proposal, membership: int) -> str:
    """Name the institution a person speaks for; empty where it has nothing to do with this proposal, and the act will refuse."""
    return next((one.name for one in facts.entitled(uow, proposal) if one.membership == membership), "")


def _slots(found: list[tuple[str, str]]) -> list[dict[str, str]]:
    offered = [{"id": number, "label": _label(text)} for number, text in found[: limits.MAX_CHOICES]]
    return offered or [{"id": "0", "label": "–"}]  # never offered: a flow asks only where there is something to choose from


def _label(text: str) -> str:
    return text if len(text) <= limits.MAX_LABEL else text[: limits.MAX_LABEL - 1].rstrip() + "…"
