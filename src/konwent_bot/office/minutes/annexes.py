"""Annexes: what is put right in minutes after they were accepted for good. It goes to everybody, and nobody is asked for an answer."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from konwent_bot import i18n
from konwent_bot.documents.minutes import content as contents
from konwent_bot.documents.minutes import drafting
from konwent_bot.documents.minutes.content import Chain
from konwent_bot.documents.minutes.facts import AnnexFacts
from konwent_bot.errors import N_, Refused
from konwent_bot.office import audit_chain
from konwent_bot.office.meetings import facts as meetings
from konwent_bot.office.minutes import facts, telling, versions
from konwent_bot.office.minutes.facts import Minutes
from konwent_bot.office.minutes.versions import LANGUAGE
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.subjects import Outcome, Subject
from konwent_bot.office.unit import UnitOfWork

ANNEX: Final = "minutes.annex"
#: Characters of an annex.
MOST_TEXT: Final = 3000
#: Annexes to one minutes.
MOST: Final = 20


class Annexed(BaseModel):
    """What the act ``minutes.annex`` takes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str = Field(max_length=MOST_TEXT)


def may_annex(uow: UnitOfWork, actor: Actor, subject: Subject) -> None:
    """Refuse unless the actor may put something right in these minutes, and nothing but an annex can.

    Raises:
        NotFound: there are no such minutes for this actor.
        Refused: they can still be changed themselves, or have too many annexes.
    """
    minutes = facts.get(uow, subject.minutes or 0)
    require(uow, actor, ANNEX, body=minutes.body)
    if not minutes.locked:
        raise Refused(N_("These minutes are not final yet, so they can be put right without an annex."))
    if len(versions.annexes(uow, minutes.id)) >= MOST:
        raise Refused(N_("There are {n} annexes to these minutes already, and no more can be made."), n=MOST)


def annex(uow: UnitOfWork, actor: Actor, subject: Subject, said: Annexed) -> Outcome:
    """Put something right in minutes that are final: typeset it, keep it for good, and send it to everybody. Raises as ``may_annex``."""
    minutes = facts.steer(uow, actor, subject.minutes or 0, ANNEX)
    may_annex(uow, actor, subject)
    made = versions.store(uow, actor, minutes, _content(uow, minutes, said.text.strip()))
    uow.audit(ANNEX, body=minutes.body, person=actor.person, minutes=minutes.id, version=made.version)
    telling.annex(uow, minutes, made.version)
    return Outcome(minutes.body, minutes.meeting, made=made.version, minutes=minutes.id)


# --- inside -----------------------------------------------------------------------------------------------------------


def _content(uow: UnitOfWork, minutes: Minutes, text: str) -> contents.Content:
    t = i18n.translator(LANGUAGE)
    meeting = meetings.get(uow, minutes.meeting)
    number = len(versions.annexes(uow, minutes.id)) + 1
    told = AnnexFacts(minutes.body_name, meeting.kind, minutes.name, number, meeting.day, text, meeting.group_name)
    head = audit_chain.head(uow, minutes.body)
    return contents.content(
        drafting.annex(told, t), t, kind="annex", version=versions.next_number(uow, minutes.id), chain=Chain(head.number, head.seal),
        circulated_on=uow.today,
    )  # fmt: skip
