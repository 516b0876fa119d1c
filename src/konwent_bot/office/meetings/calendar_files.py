"""A meeting as a calendar file, frozen by the act that tells of it."""

from __future__ import annotations

from typing import Final, Literal

from konwent_bot import i18n
from konwent_bot.documents import calendar, meeting_words
from konwent_bot.documents.calendar import Event, Mailbox
from konwent_bot.i18n import Translator
from konwent_bot.office import enclosures
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.unit import UnitOfWork

#: What the file is called when it is saved.
NAME: Final = "spotkanie.ics"
MEDIA_TYPE: Final = "text/calendar"
#: Stands for the organiser's address in an installation without a mail server (RFC 2606: it never exists).
NOWHERE: Final = "sekretariat@konwent.invalid"

#: ``request``: an invitation or a change. ``cancel``: the meeting is called off. ``withdraw``: this one person is not called any more.
Purpose = Literal["request", "cancel", "withdraw"]


def event(uow: UnitOfWork, meeting: Meeting, t: Translator, *, attendee: Mailbox | None = None, guest: bool = False) -> Event:
    """Give a meeting as a calendar shows it, in a reader's language."""
    about = [meeting.body_name]
    if meeting.topic:
        about.append(meeting.topic)
    if meeting.link:
        about.append(meeting.link)
    named = meeting_words.kind(t, meeting.kind) + (f" ({meeting.group_name})" if meeting.group_name else "")
    return Event(
        uid=meeting.uid,
        sequence=meeting.sequence,
        starts=meeting.wall,
        ends=meeting.wall_end,
        zone=meeting.zone,
        stamp=uow.now,
        summary=f"{named} – {meeting.body_name}",
        description="\n".join(about),
        location=meeting.place or meeting_words.mode(t, meeting.mode),
        url=uow.house.public_url,
        organizer=Mailbox(meeting.body_name, uow.house.mail_from or NOWHERE),
        attendee=attendee,
        guest=guest,
        status="CANCELLED" if meeting.status == "cancelled" else "CONFIRMED" if meeting.status != "planned" else "TENTATIVE",
    )


def enclose(
    uow: UnitOfWork, notice: int, meeting: Meeting, purpose: Purpose, *, name: str, email: str, language: str, guest: bool = False
) -> None:
    """Let a notice bring the calendar file for one person. Without an address there is nobody to invite: the file only tells."""
    t = i18n.translator(i18n.nearest(language))
    if not email:
        if purpose != "withdraw":
            content = calendar.feed([event(uow, meeting, t)], meeting.body_name, meeting.zone)
            enclosures.enclose(uow, notice, name=NAME, media_type=MEDIA_TYPE, content=content, method="PUBLISH")
        return
    made = event(uow, meeting, t, attendee=Mailbox(name, email), guest=guest)
    if purpose == "request":
        enclosures.enclose(uow, notice, name=NAME, media_type=MEDIA_TYPE, content=calendar.request(made), method="REQUEST")
    else:
        content = calendar.cancel(made, withdrawn=purpose == "withdraw")
        enclosures.enclose(uow, notice, name=NAME, media_type=MEDIA_TYPE, content=content, method="CANCEL")


def taken(uow: UnitOfWork, meeting: Meeting, language: str) -> bytes:
    """Give the file for whoever takes it from a page: it tells, and asks nothing."""
    return calendar.feed([event(uow, meeting, i18n.translator(i18n.nearest(language)))], meeting.body_name, meeting.zone)
