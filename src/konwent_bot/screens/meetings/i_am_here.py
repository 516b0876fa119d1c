"""Saying "I am here" ("Jestem") with the day's code: by a press, by the digits typed in the chat or on the page, or by scanning them.

The code proves nothing but that somebody has read it, so it counts only from whoever speaks for an institution of that meeting, on
its day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from konwent_bot.errors import N_, Invalid
from konwent_bot.i18n import Translator
from konwent_bot.office.meetings import attendance, day_code, facts
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.people import Known
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.agenda_intents import SayHere, SeeHere
from konwent_bot.screens.home import to_home
from konwent_bot.screens.intents import Intent, SeeSignIn, encode
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.meeting_intents import SeeMeeting
from konwent_bot.screens.meetings.words import heading, there
from konwent_bot.screens.screen import Action, Field, Form, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visited, Visitor, go_home, look_away

#: What somebody types who reads the code off the wall.
_CODE: Final = re.compile(r"\s*(\d{3})[ -]?(\d{3})\s*\Z")
_WRONG: Final = N_("This is not the code of this meeting. Please look at the six digits once more.")


def link(uow: UnitOfWork, meeting: Meeting) -> str:
    """Give the address a QR code leads to: a page that knows both ways in, or the chat where there are no pages."""
    if not meeting.code:
        return ""
    if uow.house.public_url:
        return f"{uow.house.public_url}/s/{encode(SeeHere(meeting.id, meeting.code))}"
    return deep_link(uow, meeting.id, meeting.code)


def deep_link(uow: UnitOfWork, meeting: int, code: str) -> str:
    """Give the link that says "I am here" in the chat; empty where there is no chat."""
    return f"https://t.me/{uow.house.bot_username}?start=j_{meeting}_{code}" if uow.house.bot_username else ""


def heard(uow: UnitOfWork, visitor: Visitor, person: Known, text: str, t: Translator) -> Reply | None:
    """Take six digits typed in the chat as the code of the meeting this person may be at; ``None`` where there is none."""
    found = _CODE.match(text)
    if found is None or not found[0].strip().isascii():
        return None
    now = day_code.now_of(uow, person.id)
    if not now:
        return None
    code = found[1] + found[2]
    meeting = next((one for one, _ in now if one.code == code), now[0][0])
    return say(uow, visitor, person, SayHere(meeting.id, 0, code), t)


# --- screens ----------------------------------------------------------------------------------------------------------


def ask(
    uow: UnitOfWork, meeting: Meeting, institutions: tuple[int, ...], code: str, t: Translator, *, page: bool, problem: str = ""
) -> Screen:
    """Ask for the code; once it is known, for the press that counts, and for which institution where there are several."""
    names = {one.membership: one.name for one in facts.members(uow, meeting)}
    context = (*((names[institutions[0]],) if len(institutions) == 1 else ()), heading(t, meeting), meeting.body_name)
    if code and not problem:
        actions = [
            (Action(t("I am here") if len(institutions) == 1 else t("I am here: {institution}", institution=names[one]),
                    SayHere(meeting.id, one, code), weight="main"),)
            for one in institutions
        ]  # fmt: skip
        return Screen(t("Are you at the meeting?"), context=context, actions=(*actions, (to_home(t),)))
    how = (
        t("Write the six digits that are shown in the room.")
        if page
        else t("Write the six digits that are shown in the room here, in this chat.")
    )
    field = Field("code", t("Today's code"), hint=t("Six digits"), value=code, problem=problem, most_chars=7)
    return Screen(
        t("Are you at the meeting?"),
        context=context,
        problem=problem,
        paragraphs=(how,),
        form=Form(SayHere(meeting.id, 0, ""), (field,), t("I am here"), SeeHere(meeting.id)) if page else None,
        actions=((Action(t("The meeting"), SeeMeeting(meeting.id)), to_home(t)),),
    )


def landing(uow: UnitOfWork, intent: SeeHere, t: Translator) -> Screen:
    """Show whoever scanned the code with a phone nobody is signed in on which ways there are in. Tells nothing of any meeting."""
    chat = deep_link(uow, intent.meeting, intent.code) if intent.code else ""
    return Screen(
        t("Are you at the meeting?"),
        paragraphs=(t("Say so where you usually answer the secretariat."),),
        actions=(
            *(((Action(t("I am here, in Telegram"), url=chat, weight="main"),),) if chat else ()),
            (Action(t("Sign in by e-mail"), SeeSignIn()),),
        ),
        notes=(t("After signing in, write the six digits on the page of the meeting."),),
    )


# --- visits -----------------------------------------------------------------------------------------------------------


def _see(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: SeeHere, t: Translator) -> Visited:
    if person is None:
        if not (visitor.page and intent.code):
            return go_home(uow, visitor, None, t), t
        return Reply(landing(uow, intent, t), at=intent), t
    meeting, institutions = day_code.speaks_at(uow, person.id, intent.meeting)
    look_away(uow, visitor, person)
    code = "".join(found.groups()) if (found := _CODE.match(intent.code)) else ""
    return Reply(ask(uow, meeting, institutions, code, t, page=visitor.page), at=intent), t


def say(uow: UnitOfWork, visitor: Visitor, person: Known, intent: SayHere, t: Translator) -> Reply:
    """Take the code. A wrong one is answered and not refused: a refusal would take the counted try back with it."""
    meeting, institutions = day_code.speaks_at(uow, person.id, intent.meeting)
    code = intent.code or visitor.given.fields.get("code", "")
    if not code.strip():
        return Reply(ask(uow, meeting, institutions, "", t, page=visitor.page), at=SeeHere(meeting.id))
    if not intent.membership and len(institutions) > 1:
        return Reply(ask(uow, meeting, institutions, code if _CODE.match(code) else "", t, page=visitor.page))
    whose = intent.membership or institutions[0]
    came = day_code.show(uow, person.id, meeting.id, code, whose)
    if came == "wrong":
        wrong = Invalid(_WRONG)
        shown = ask(uow, meeting, institutions, code.strip()[:7], t, page=visitor.page, problem=t.say(wrong))
        return Reply(shown, at=SeeHere(meeting.id), refusal=wrong)
    return Reply(_thanks(uow, meeting, whose, t, already=came == "already"), at=SeeMeeting(meeting.id))


def _thanks(uow: UnitOfWork, meeting: Meeting, membership: int, t: Translator, *, already: bool) -> Screen:
    found = attendance.of(uow, meeting)
    name = next((one.name for one in found.institutions if one.membership == membership), "")
    said = (
        t("{institution} was noted as being here already.", institution=name)
        if already
        else t("Saved: {institution} is here.", institution=name)
    )
    return Screen(
        heading(t, meeting),
        context=(meeting.body_name,),
        notice=said,
        facts=((t("There now"), there(t, found)),),
        actions=((Action(t("The meeting"), SeeMeeting(meeting.id)),), (to_home(t),)),
    )


VISITS: Final[Mapping[type[Intent], Visit]] = {SeeHere: _see, SayHere: let_in(say)}
