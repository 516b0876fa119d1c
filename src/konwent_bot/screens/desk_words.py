"""How the desk speaks of a place: what it is called, whether it is taken, how its holder is reached, what became of its letters."""

from __future__ import annotations

from konwent_bot.errors import N_
from konwent_bot.i18n import Translator
from konwent_bot.office.desk import Place, Way
from konwent_bot.office.notices import Told
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import words
from konwent_bot.screens.home import to_home
from konwent_bot.screens.intents import Intent, SeeDesk, SeePost, SeeSeat
from konwent_bot.screens.screen import Action

#: Rows on one page of a list.
PAGE = 20

_WAYS: dict[Way, str] = {
    "telegram": N_("Telegram"),
    "blocked": N_("Telegram, but blocked there"),
    "browser": N_("browser"),
    "mail": N_("e-mail"),
}
_LETTERS: dict[str | None, str] = {
    None: N_("{day}: a letter with an invitation, waiting to be sent"),
    "sent": N_("{day}: a letter with an invitation, taken by the mail server"),
    "refused": N_("{day}: a letter with an invitation, not taken: the address is wrong or closed"),
    "failed": N_("{day}: a letter with an invitation, could not be delivered"),
    "unwanted": N_("{day}: a letter with an invitation, withdrawn before it was sent"),
    "uncertain": N_("{day}: a letter with an invitation; whether it arrived is not known"),
}
_STANDING: dict[str | None, str] = {
    None: N_("not accepted yet; a letter with an invitation is waiting to be sent"),
    "sent": N_("not accepted yet; invitation sent by e-mail: {day}"),
    "refused": N_("not accepted yet; the letter came back ({day}): the address is wrong or closed"),
    "failed": N_("not accepted yet; the letter could not be delivered ({day})"),
    "uncertain": N_("not accepted yet; invitation sent by e-mail ({day}), whether it arrived is not known"),
}


def kind(t: Translator, place: Place) -> str:
    """Name a seat's role or a post's kind; where there are several of a kind, with its number."""
    said = words.place(t, place.kind)
    return f"{said} {place.number}" if place.number > 1 else said


def heading(t: Translator, place: Place) -> str:
    """Do the same at the beginning of a line."""
    said = kind(t, place)
    return said[:1].upper() + said[1:]


def change(t: Translator, place: Place) -> str:
    """Name the change of its holder: a heading and the button that leads to it."""
    if place.seat is not None:
        return t("Give the seat to somebody else") if named(place) else t("Say who is to have the seat")
    return t("Give the post to somebody else") if named(place) else t("Say who is to have the post")


def named(place: Place) -> bool:
    """Tell whether anybody holds a place or is meant for it."""
    return bool(place.person is not None or place.name or place.email)


def called(t: Translator, place: Place) -> str:
    """Name a place among others: "GOPS Modliborzyce, head of the institution"."""
    return ", ".join(filter(None, (place.institution, kind(t, place))))


def holder(t: Translator, place: Place) -> str:
    """Say whom the roster names."""
    return place.name or place.email or t("nobody is named")


def standing(uow: UnitOfWork, place: Place, t: Translator) -> str:
    """Say how somebody is reached, or what became of their invitation: one line."""
    if place.accepted_at is not None:
        return reached(t, place)
    if place.letter is not None:
        return t(_STANDING[place.letter.outcome], day=t.day(place.letter.settled_at or place.letter.created_at))
    if place.link is not None and place.link.expires_at > uow.now:
        return t("not accepted yet; invitation made: {day}", day=t.day(place.link.issued_at))
    if place.link is not None:
        return t("not accepted yet; the invitation has expired: {day}", day=t.day(place.link.expires_at))
    return t("not invited yet")


def reached(t: Translator, place: Place) -> str:
    """Say how whoever accepted is reached."""
    return ", ".join(t(_WAYS[way]) for way in place.ways)


def letter(t: Translator, told: Told) -> str:
    """Say what became of a letter with an invitation."""
    return t(_LETTERS[told.outcome], day=t.instant(told.settled_at or told.created_at))


def see(place: Place) -> Intent:
    """Give the intent that shows a place."""
    return SeeSeat(place.seat) if place.seat is not None else SeePost(place.post or 0)


def trail(t: Translator, body: int, *above: Action) -> tuple[Action, ...]:
    """Lead back: home, the desk of the body, and what lies between."""
    return (to_home(t), Action(t("Desk of the network"), SeeDesk(body)), *above)
