"""Sending minutes out: looked over first (what, to whom, by what, until when), then one press."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

from konwent_bot.documents.minutes.changes import Change
from konwent_bot.documents.minutes.text import summary
from konwent_bot.errors import N_, NotFound, Refused
from konwent_bot.i18n import Translator
from konwent_bot.office import channels
from konwent_bot.office.minutes import circulating, facts, settings, telling
from konwent_bot.office.minutes.circulating import Ready
from konwent_bot.office.minutes.facts import Minutes
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.meetings.told import channel
from konwent_bot.screens.minutes import draft_words as words
from konwent_bot.screens.minutes.draft import show as show_draft
from konwent_bot.screens.minutes.draft import to_choose
from konwent_bot.screens.minutes.version_words import until
from konwent_bot.screens.minutes_intents import (
    ChooseDays,
    Circulate,
    LookOver,
    SeeDraft,
    SeeWholeDraft,
    TakeDraft,
)
from konwent_bot.screens.screen import Action, Screen, Section
from konwent_bot.screens.visiting import Reply, Visit, Visitor
from konwent_bot.screens.words import short

#: Days for an answer that are offered; others are chosen at the command line.
DAYS: Final = (3, 7, 10, 14)
#: Changes shown one by one, and characters of each; the document has them all.
_MOST_CHANGES: Final = 12
_CHANGED: Final = 200
_WHAT: Final = {
    "added": N_("{point} – added: {text}"),
    "changed": N_("{point} – changed to: {text}"),
    "removed": N_("{point} – removed: {text}"),
}


def show(uow: UnitOfWork, ready: Ready, t: Translator, *, notice: str = "", problem: str = "") -> Screen:
    """Show what would go out, to whom, and until when it is answered."""
    minutes = ready.current.minutes
    chosen = settings.of(uow, minutes.body).days
    hindrance = "" if ready.hindrance is None else t.say(ready.hindrance)
    send = t.plural("Send to {n} institution", "Send to {n} institutions", ready.institutions)
    circulate = Circulate(minutes.id, minutes.edition, ready.current.mark)
    return Screen(
        t("Look over before sending out") if ready.version == 1 else t("Look over version {number}", number=ready.version),
        context=words.below(uow, minutes, t),
        notice=notice,
        problem=problem or hindrance,
        paragraphs=(
            t("What goes out never changes any more. Each institution accepts it or has remarks. Silence counts as acceptance."),
        ),
        facts=_known(uow, ready, t),
        sections=(
            Section(t("What institutions read first"), ("\n".join(summary(ready.current.draft, t)),)),
            *_changed(ready, t),
        ),
        notes=(t("The buttons with days change how long institutions have for an answer."),),
        actions=(
            *to_choose(ready.current, t),
            *(() if hindrance else ((Action(send, circulate, weight="main"),),)),
            (Action(t("The whole text"), SeeWholeDraft(minutes.id)), Action(t("PDF"), TakeDraft(minutes.id))),
            tuple(
                Action(("✓ " if days == chosen else "") + t.plural("{n} day", "{n} days", days), ChooseDays(minutes.id, days))
                for days in DAYS
            ),
        ),
        trail=words.trail(t, minutes),
    )


def _known(uow: UnitOfWork, ready: Ready, t: Translator) -> tuple[tuple[str, str], ...]:
    lines = [
        (t("To whom"), t.plural("{n} member institution", "{n} member institutions", ready.institutions)),
        (t("By what"), _by(uow, ready.current.minutes, t)),
        (t("Answers until"), until(t, ready.answer_until, uow.now)),
    ]
    if ready.unreached:
        lines.append((t("Nobody can be reached in"), ", ".join(ready.unreached)))
    if files := ready.current.files:
        lines.append((t("Files that go along"), ", ".join(one.name for one in files)))
    if ready.current.replaced:
        signs = " ".join(ready.current.replaced)
        lines.append((t("Signs the document cannot show"), t("{signs} – a mark stands in their place", signs=signs)))
    return tuple(lines)


def _by(uow: UnitOfWork, minutes: Minutes, t: Translator) -> str:
    """Count the institutions by the channel that is tried first: "Telegram 12, e-mail 3"."""
    told = [channels.addressee(uow, one) for one in telling.recipients(uow, minutes)]
    count = Counter(one.ways[0].channel for one in told if one is not None and one.ways)
    return ", ".join(f"{channel(t, name)} {number}" for name, number in count.most_common()) or "–"


def _changed(ready: Ready, t: Translator) -> tuple[Section, ...]:
    """Say what is otherwise than in the version that went out before."""
    if ready.version == 1:
        return ()
    title = t("What has changed since version {number}", number=ready.version - 1)
    if not ready.changes:
        return (Section(title, (t("Nothing has changed yet."),)),)
    lines = [_line(one, t) for one in ready.changes[:_MOST_CHANGES]]
    left = len(ready.changes) - len(lines)
    if left > 0:
        lines.append(t.plural("… and {n} more change", "… and {n} more changes", left))
    return (Section(title, tuple(lines)),)


def _line(one: Change, t: Translator) -> str:
    if one.source == "order":
        return t("the order of the points")
    text = one.before if one.what == "removed" else one.after
    text = text if len(text) <= _CHANGED else text[: _CHANGED - 1].rstrip() + "…"
    return t(_WHAT[one.what], point=short(one.heading), text=text)


# --- visits -----------------------------------------------------------------------------------------------------------


def _look_over(uow: UnitOfWork, _v: Visitor, person: Known, intent: LookOver, t: Translator) -> Reply:
    ready = circulating.look_over(uow, Actor(person.id), intent.minutes)
    return Reply(show(uow, ready, t), at=intent)


def _circulate(uow: UnitOfWork, _v: Visitor, person: Known, intent: Circulate, t: Translator) -> Reply:
    actor = Actor(person.id)
    try:
        version = circulating.circulate(uow, actor, intent.minutes, intent.edition, intent.mark or None)
    except NotFound:
        raise
    except Refused as wrong:
        minutes = facts.get(uow, intent.minutes)
        if minutes.state == "final":  # there is nothing to look over
            return Reply(show_draft(uow, person, minutes, t, problem=t.say(wrong)), at=SeeDraft(minutes.id), refusal=wrong)
        again = circulating.look_over(uow, actor, intent.minutes)
        return Reply(show(uow, again, t, problem=t.say(wrong)), at=LookOver(intent.minutes), refusal=wrong)
    said = t("Version {number} is on its way to all institutions.", number=version.version)
    screen = show_draft(uow, person, facts.get(uow, intent.minutes), t, notice=said)
    return Reply(screen, at=SeeDraft(intent.minutes))


def _choose_days(uow: UnitOfWork, _v: Visitor, person: Known, intent: ChooseDays, t: Translator) -> Reply:
    actor, minutes = Actor(person.id), facts.get(uow, intent.minutes)
    settings.change(uow, actor, minutes.body, {"days": str(intent.days)})
    said = t.plural(
        "Saved: institutions have {n} day for an answer, from now on.",
        "Saved: institutions have {n} days for an answer, from now on.",
        intent.days,
    )
    ready = circulating.look_over(uow, actor, minutes.id)
    return Reply(show(uow, ready, t, notice=said), at=LookOver(minutes.id))


VISITS: Final[Mapping[type[Intent], Visit]] = {
    LookOver: let_in(_look_over),
    Circulate: let_in(_circulate),
    ChooseDays: let_in(_choose_days),
}
