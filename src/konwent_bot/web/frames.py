"""What stands around every screen of a page: the way to the main places, the session's end, and the words of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Final

from konwent_bot import i18n
from konwent_bot.errors import N_
from konwent_bot.i18n import Translator
from konwent_bot.screens.intents import Accessibility, Help, Home, Intent, Privacy, SeeSignIn, Settings, SignOut, Stay, place_of
from konwent_bot.screens.visiting import Given
from konwent_bot.web.paths import path_of


@dataclass(frozen=True, slots=True)
class Frame:
    """What a page needs to know beside its screen."""

    #: The intent (of ``LOOKS``) that shows this page again: the menu marks it, and whoever stays signed in comes back to it.
    here: Intent = field(default_factory=Home)
    #: The token of the page's forms. Empty: the page has no form of any kind, for answers that know no browser (a 500).
    csrf: str = ""
    signed_in: bool = False
    #: When the session would end; shown with a way to put it off.
    ends_at: datetime | None = None
    #: What came of the form that led here; stands where the screen has no notice of its own.
    flash: str = ""
    #: A form that was not taken, to be filled in again as it was sent.
    given: Given | None = None
    #: Languages to choose from, for readers who have none on record: (code, path).
    switch: tuple[tuple[str, str], ...] = ()
    #: A text that could not be taken, shown to be copied so that nobody has to write it twice.
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A place of the menu: words, path, and whether the reader is there."""

    label: str
    path: str
    here: bool = False


@dataclass(frozen=True, slots=True)
class Around:
    """The frame in the reader's language."""

    menu: tuple[Link, ...]
    foot: tuple[Link, ...]
    #: (code, its own name, path, is it spoken here)
    languages: tuple[tuple[str, str, str, bool], ...]
    #: "The session ends at 14:30 ..."; empty without a session.
    session: str
    stay: str
    sign_out: str


#: What is said when there is nothing to show: status -> title, sentence.
PLAIN: Final[Mapping[int, tuple[str, str]]] = {
    400: (
        N_("This could not be read"),
        N_("The form came in a shape this page does not know, so nothing was changed. Please open the page again and fill it in once more."),
    ),
    403: (
        N_("Please send it once more"),
        N_("The form was opened in another window or too long ago, so nothing was changed. Please go back, reload the page and send it again."),
    ),
    404: (
        N_("There is no such page"),
        N_("It does not exist, or it is not open to you. Please check the address, or begin with your matters."),
    ),
    413: (N_("This is too large"), N_("What was sent is larger than this page takes, so nothing was changed. Please send less at once.")),
    429: (N_("Too many attempts"), N_("This was tried too often in a short time. Please wait a quarter of an hour and try again.")),
    500: (
        N_("A fault on our side"),
        N_("This could not be shown. What was saved earlier is safe, and the fault has been noted for the operator. Please try again in a moment."),
    ),
}  # fmt: skip


@lru_cache(maxsize=8)
def words(t: Translator) -> dict[str, str]:
    """Give the words of the templates, by name. A translator is shared and never changes, so they are said once."""
    return {
        "name": t("Secretariat of cooperation bodies"),
        "skip": t("Go to the content"),
        "menu": t("Main menu"),
        "foot": t("About this page"),
        "languages": t("Language"),
        "trail": t("Where you are"),
        "problem": t("Please check this"),
        "or": t("or"),
        "send": t("Continue"),
        "save": t("Save"),
        "explained": t("Why we ask and who will see the answer"),
        "optional": t("not required"),
        "sign_out": t("Sign out"),
        "stay": t("Stay signed in"),
        "day": t("Day"),
        "month": t("Month"),
        "year": t("Year"),
        "hour": t("Hour"),
        "minute": t("Minutes"),
        "typed_date": t("The date as you would say it, for example: {example}", example=t("next week on Thursday")),
        "kept": t("The text that was written, to copy"),
    }


def around(t: Translator, frame: Frame, *, there: bool) -> Around:
    """Say the frame in the reader's language. ``there``: the page is that of ``frame.here``, not a refusal in its place."""
    places: list[tuple[str, Intent]] = [(t("My matters"), Home()), (t("Settings"), Settings()), (t("Help"), Help())]
    if not frame.signed_in:
        places = [(t("Help"), Help()), (t("Sign in by e-mail"), SeeSignIn())]
    below: tuple[tuple[str, Intent], ...] = ((t("Privacy"), Privacy()), (t("Accessibility"), Accessibility()))
    ends = frame.ends_at if frame.signed_in else None
    return Around(
        menu=tuple(Link(label, path_of(place), there and place == frame.here) for label, place in places),
        foot=tuple(Link(label, path_of(place), there and place == frame.here) for label, place in below),
        languages=tuple((code, i18n.own_name(code), path, code == t.language) for code, path in frame.switch),
        session="" if ends is None else t("The session ends at {time} if nothing happens.", time=t.time(ends)),
        stay=path_of(Stay(place_of(frame.here))),
        sign_out=path_of(SignOut()),
    )
