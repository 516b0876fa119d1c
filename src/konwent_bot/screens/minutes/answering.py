"""What an institution answers to minutes: that it accepts them, by one press, or what it would have otherwise, by a conversation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from konwent_bot.i18n import Translator
from konwent_bot.office.minutes import answers, remarks, versions
from konwent_bot.office.minutes.facts import Minutes
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.archive_intents import AcceptMinutes, TakeBackRemark, WriteRemark
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.meetings import beginning
from konwent_bot.screens.minutes import reading, version_words
from konwent_bot.screens.minutes_intents import in_button
from konwent_bot.screens.visiting import Reply, Visit, Visited, Visitor, go_home


def _accept(uow: UnitOfWork, _v: Visitor, person: Known, intent: AcceptMinutes, t: Translator) -> Reply:
    actor = Actor(person.id)
    _, place = answers.may(uow, actor, intent.minutes, intent.membership)
    minutes = answers.accept(uow, actor, intent.minutes, intent.version, intent.membership)
    return reading.shown(uow, person, minutes.id, t, notice=_accepted(minutes, place.name, t))


def _accepted(minutes: Minutes, institution: str, t: Translator) -> str:
    said = t("Saved: {institution} accepts the minutes.", institution=institution)
    if minutes.state == "final":
        return t("{saved} All institutions have answered, so this is the final version.", saved=said)
    if minutes.answer_until is None:
        return said
    day = t.day(version_words.last_day(t, minutes.answer_until))
    return t("{saved} You can change this until {day}.", saved=said, day=day)


def _remark(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: WriteRemark, t: Translator) -> Visited:
    if person is None:
        return go_home(uow, visitor, None, t), t
    minutes, place = answers.may(uow, Actor(person.id), intent.minutes, intent.membership)
    version = versions.get(uow, minutes.id, minutes.version)
    offered = [{"id": in_button(key), "label": title} for key, title in versions.points(version)]
    subject = Subject(remarks.REMARK, minutes.body, meeting=minutes.meeting, minutes=minutes.id, membership=intent.membership)
    reply = beginning.begin(
        uow, visitor, person, subject, t, minutes=version_words.called(t, minutes), institution=place.name, points=offered
    )
    return reply, t


def _take_back(uow: UnitOfWork, _v: Visitor, person: Known, intent: TakeBackRemark, t: Translator) -> Reply:
    minutes = remarks.take_back(uow, Actor(person.id), intent.remark)
    return reading.shown(uow, person, minutes.id, t, notice=t("The remark is taken back."))


VISITS: Final[Mapping[type[Intent], Visit]] = {
    AcceptMinutes: let_in(_accept),
    WriteRemark: _remark,
    TakeBackRemark: let_in(_take_back),
}
