"""The discussion of a proposal, what is said in it, and another text: whatever about a proposal is written in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from konwent_bot.i18n import Translator
from konwent_bot.office import dialogues
from konwent_bot.office.decisions import discussion, facts
from konwent_bot.office.decisions.discussion import Said
from konwent_bot.office.decisions.facts import Proposal
from konwent_bot.office.dialogues import Touch
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import card
from konwent_bot.screens.decisions import proposal_words as words
from konwent_bot.screens.decisions.beginning import about, begin, how_decided, speaker
from konwent_bot.screens.decisions.ways_back import trail
from konwent_bot.screens.intents import Intent, Resume
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.proposal_intents import AmendMotion, CommentMotion, SeeDiscussion
from konwent_bot.screens.screen import Action, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visited, Visitor, go_home

#: Comments on one page.
PAGE: Final = 5
#: Characters of a comment that are shown, so that a page of them fits a message.
_SHOWN: Final = 700


def _see(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeDiscussion, t: Translator) -> Reply:
    proposal = facts.see(uow, Actor(person.id), intent.proposal)
    found = tuple(reversed(discussion.comments(uow, Actor(person.id), proposal.id)))
    last = max(0, (len(found) - 1) // PAGE)
    page = min(intent.page, last)
    turns = []
    if page > 0:
        turns.append(Action(t("‹ Newer"), SeeDiscussion(proposal.id, page - 1)))
    if page < last:
        turns.append(Action(t("Older ›"), SeeDiscussion(proposal.id, page + 1)))
    screen = Screen(
        t("Discussion"),
        context=(proposal.title, *((t("page {page} of {pages}", page=page + 1, pages=last + 1),) if last else ())),
        paragraphs=() if found else (t("Nobody has said anything yet."),),
        items=tuple(_line(proposal, one, t) for one in found[page * PAGE : (page + 1) * PAGE]),
        actions=(tuple(turns),) if turns else (),
        trail=trail(t, proposal, at=True),
    )
    return Reply(screen, at=SeeDiscussion(proposal.id, page))


def _line(proposal: Proposal, one: Said, t: Translator) -> str:
    who = one.institution or words.lead(t)
    text = words.cut(one.text, _SHOWN)
    if one.version != proposal.version:
        return t("{who}, {when}, about version {n}: {text}", who=who, when=one.at, n=one.version, text=text)
    return t("{who}, {when}: {text}", who=who, when=one.at, text=text)


def _comment(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: CommentMotion, t: Translator) -> Visited:
    if person is None:
        return go_home(uow, visitor, None, t), t
    proposal = facts.see(uow, Actor(person.id), intent.proposal)
    subject = Subject("proposal.comment", proposal.body, proposal=proposal.id, membership=intent.membership or None)
    who = (speaker(uow, proposal, intent.membership) if intent.membership else "") or words.lead(t)
    return begin(uow, visitor, person, subject, t, about(proposal, speaker=who)), t


def _amend(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: AmendMotion, t: Translator) -> Visited:
    if person is None or visitor.caller is None:
        return go_home(uow, visitor, None, t), t
    proposal = facts.see(uow, Actor(person.id), intent.proposal)
    if proposal.kind == "rule":
        subject = Subject("rule.propose", proposal.body, proposal=proposal.id)
        given = {
            "body": proposal.body_name,
            "way": "amendment",
            **how_decided(uow, proposal.body, facts.meeting_of(uow, proposal), t),
        }
        return begin(uow, visitor, person, subject, t, given, opens=True), t
    subject = Subject("proposal.amend", proposal.body, proposal=proposal.id)
    standing = {"title": proposal.title, "text": proposal.text}
    reply = begin(uow, visitor, person, subject, t, about(proposal), standing=standing)
    talk = reply.talk
    if talk is None or talk.state.mode != "ask" or talk.state.cursor != "reason" or talk.state.answers != standing:
        return reply, t
    # Nothing is changed yet: the text comes first, with what stands, and then why.
    talk = dialogues.touch(uow, visitor.caller, Touch(talk.id, talk.state.turn, "edit", "text"))
    now = uow.now.astimezone(uow.house.zone).replace(tzinfo=None)
    return Reply(card.conversation(talk, t, now), talk, at=Resume(talk.id)), t


VISITS: Final[Mapping[type[Intent], Visit]] = {
    SeeDiscussion: let_in(_see),
    CommentMotion: _comment,
    AmendMotion: _amend,
}
