"""Which channel a notice takes next, after what its tries so far came to. Values in, values out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from konwent_bot.office.occasion import Channel

#: So many tries in a channel take a day (``dispatch.RESTS``); a server that is away for longer is somebody's task.
TRIES: Final = 16
#: The reason of a try that came too soon for its channel: it says nothing of the notice, and is not counted.
TOO_MANY: Final = "too_many"

#: The reason of a try whose courier died in the middle.
INTERRUPTED: Final = "interrupted"
#: So often something is sent once more because of that. Two power cuts must not lose what has to arrive; a message that kills its
#: courier each time must not be sent for ever.
INTERRUPTIONS: Final = 3

#: How a try ended. ``refused``: the address takes nothing, for good. ``failed``: not taken now. ``uncertain``: it may have arrived.
Ending: TypeAlias = Literal["sent", "refused", "failed", "uncertain"]
#: The best first: what a notice comes to is the best its channels came to.
_BEST: Final[Sequence[Ending]] = ("sent", "uncertain", "failed", "refused")


@dataclass(frozen=True, slots=True)
class Past:
    """A try that was made, or is under way (``sending``)."""

    channel: Channel
    state: str
    reason: str
    #: Until when the channel rests because of it.
    until: datetime


@dataclass(frozen=True, slots=True)
class Goes:
    """Where a notice goes: on in a channel, or nowhere because of what it came to; neither where there was no way at all."""

    channel: Channel | Literal[""] = ""
    outcome: Ending | Literal[""] = ""


def onward(tries: Sequence[Past], ways: Sequence[Channel], *, every: bool, repeat: bool) -> Goes:
    """Say where a notice goes on.

    Args:
        tries: what was tried, in order.
        ways: the channels its reader has, in the order in which they are tried.
        every: all of them are to be used, not only the first that works; one that rests lets the other go first.
        repeat: what may have arrived is sent once more.
    """
    mine = {channel: [one for one in tries if one.channel == channel] for channel in {*ways, *(one.channel for one in tries)}}
    ends = {channel: _end(past, repeat=repeat) for channel, past in mine.items()}
    came_to: Ending | Literal[""] = next((ending for ending in _BEST if ending in ends.values()), "")
    if not every and came_to in ("sent", "uncertain"):  # what may have arrived is not sent through the next one
        return Goes(outcome=came_to)
    left = [channel for channel in ways if not ends[channel]]
    if left:
        rested = [(mine[channel][-1].until.timestamp() if mine[channel] else 0.0, place) for place, channel in enumerate(left)]
        return Goes(left[min(rested)[1] if every else 0])
    return Goes(outcome=came_to)


def _end(tries: Sequence[Past], *, repeat: bool) -> Ending | Literal[""]:
    """Say how a channel ended for a notice; nothing while it may still be tried there."""
    if not tries:
        return ""
    if any(one.state == "sent" for one in tries):  # an earlier one may have answered late
        return "sent"
    match tries[-1].state:
        case "refused":
            return "refused"
        case "failed" if sum(one.reason != TOO_MANY for one in tries) >= TRIES:
            return "failed"
        case "uncertain" if not repeat or _too_often(tries):
            return "uncertain"
        case _:
            return ""


def _too_often(tries: Sequence[Past]) -> bool:
    """Tell whether something of unknown fate was sent once more already (or, where a courier died each time, often enough)."""
    doubtful = [one.reason == INTERRUPTED for one in tries if one.state == "uncertain"]
    return doubtful.count(False) > 1 or doubtful.count(True) > INTERRUPTIONS
