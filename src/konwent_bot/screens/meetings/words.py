"""Words for a meeting on screens; ``documents.meeting_words`` has those that files say too."""

from __future__ import annotations

from datetime import date

from konwent_bot.documents import meeting_words
from konwent_bot.domain.meetings.quorum import Forecast
from konwent_bot.i18n import Translator
from konwent_bot.office.meetings.answers import Answered
from konwent_bot.office.meetings.attendance import Attendance
from konwent_bot.office.meetings.facts import Meeting


def named(t: Translator, meeting: Meeting) -> str:
    """Name a meeting by its kind and group: "Spotkanie operacyjne (grupa Praca)"."""
    kind = meeting_words.kind(t, meeting.kind)
    return f"{kind} ({meeting.group_name})" if meeting.group_name else kind


def heading(t: Translator, meeting: Meeting) -> str:
    """Name a meeting among others: kind, group and day."""
    return meeting_words.heading(t, meeting.kind, meeting.group_name, meeting.wall)


def when(t: Translator, meeting: Meeting, today: date) -> str:
    """Say when a meeting is, in full, with how far it is."""
    said = meeting_words.when(t, meeting.day, meeting.hour, meeting.wall_end.time())
    return t("{when} ({away})", when=said, away=t.relative_days((meeting.day - today).days))


def where(t: Translator, meeting: Meeting) -> str:
    """Say where people meet."""
    mode = meeting_words.mode(t, meeting.mode)
    return f"{meeting.place} ({mode})" if meeting.place and meeting.mode == "hybrid" else meeting.place or mode


def answered(t: Translator, one: Answered | None) -> str:
    """Say what an institution answered."""
    match one:
        case None:
            return t("no answer yet")
        case Answered(answer="yes"):
            return t("will be there")
        case Answered(answer="substitute"):
            return t("a substitute will be there")
        case Answered(reason=reason):
            return t("will not be there: {reason}", reason=reason) if reason else t("will not be there")


def quorum(t: Translator, found: Forecast) -> str:
    """Foresee the quorum in words: "będzie 5 z 16, kworum 8: brakuje 3 instytucji"."""
    said = t("{coming} of {entitled} will be there", coming=found.coming, entitled=found.entitled)
    if not found.needed:
        return said
    if not found.missing:
        return t("{said}; quorum {needed} is reached", said=said, needed=found.needed)
    if not found.possible:
        return t("{said}; quorum {needed} cannot be reached any more", said=said, needed=found.needed)
    lacking = t.plural("{n} institution is missing for the quorum", "{n} institutions are missing for the quorum", found.missing)
    return t("{said}; {lacking} (needed: {needed})", said=said, lacking=lacking, needed=found.needed)


def there(t: Translator, found: Attendance) -> str:
    """Say how many are there and whether that is a quorum: "11 z 16 instytucji, kworum 8: jest"."""
    said = t("{present} of {entitled} institutions", present=found.present, entitled=found.entitled)
    if not found.needed:
        return said
    if not found.missing:
        return t("{said}; quorum {needed}: there is one", said=said, needed=found.needed)
    return t("{said}; quorum {needed}: {missing} missing", said=said, needed=found.needed, missing=found.missing)
