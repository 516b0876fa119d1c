"""What a meeting of the plan says of itself besides its date: how long, how, where, who chairs, what about. Checked in one place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias, get_args

from konwent_bot.domain.meetings.words import MeetingMode
from konwent_bot.errors import N_, Invalid

#: Lengths the flows offer, in minutes behind the letter.
Length: TypeAlias = Literal["m60", "m90", "m120", "m150", "m180", "m240", "m360"]
#: Posts by which a meeting may be chaired (G8).
Chair: TypeAlias = Literal["coordinator", "chair", "vice_chair"]
LENGTHS: Final[tuple[str, ...]] = get_args(Length)
#: Bounds of what may be entered: minutes, and characters.
FEWEST_MINUTES, MOST_MINUTES = 15, 720
MOST_PLACE, MOST_LINK, MOST_TOPIC = 300, 500, 200
_SCHEMES: Final = ("https://", "http://")


@dataclass(frozen=True, slots=True)
class Details:
    """All of it."""

    #: How long it is to last.
    minutes: int
    mode: MeetingMode
    place: str = ""
    link: str = ""
    chair: str = "coordinator"
    topic: str = ""


def minutes_of(length: str) -> int:
    """Give the minutes of one of ``LENGTHS``."""
    return int(length[1:])


def length_of(minutes: int) -> str:
    """Give the word of ``LENGTHS`` for so many minutes; a word that is none of them where there is none."""
    return f"m{minutes}"


def checked(given: Details) -> Details:
    """Give details as they are stored: a place only where people meet, an address only where they meet online.

    Raises:
        Invalid: something is missing, too long, or no address of the web.
    """
    if not FEWEST_MINUTES <= given.minutes <= MOST_MINUTES:
        raise Invalid(
            N_("A meeting lasts from {fewest} to {most} minutes, not {minutes}."),
            fewest=FEWEST_MINUTES, most=MOST_MINUTES, minutes=given.minutes,
        )  # fmt: skip
    place = "" if given.mode == "online" else " ".join(given.place.split())
    link = "" if given.mode == "in_person" else given.link.strip()
    topic = " ".join(given.topic.split())
    if given.mode != "online" and not place:
        raise Invalid(N_("Say where people are to meet."))
    for text, most, sentence in (
        (place, MOST_PLACE, N_("The place has {length} characters; at most {most} fit.")),
        (link, MOST_LINK, N_("The address of the online room has {length} characters; at most {most} fit.")),
        (topic, MOST_TOPIC, N_("The topic has {length} characters; at most {most} fit.")),
    ):
        if len(text) > most:
            raise Invalid(sentence, length=len(text), most=most)
    if given.mode != "in_person" and not _is_address(link):
        raise Invalid(N_("The address of the online room must begin with https:// and stand in one piece."))
    return replace(given, place=place, link=link, topic=topic)


def _is_address(link: str) -> bool:
    host = link.lower().removeprefix("https://").removeprefix("http://")
    return link.lower().startswith(_SCHEMES) and bool(host.strip("/")) and all(one.isprintable() and one != " " for one in link)
