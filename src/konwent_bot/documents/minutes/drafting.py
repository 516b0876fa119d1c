"""Facts -> draft: headings and paragraphs in short, plain sentences, in the language of the minutes."""

from __future__ import annotations

from datetime import time
from typing import Final

from konwent_bot.documents import meeting_words, report_words
from konwent_bot.documents.minutes.draft import Digest, Draft, DraftPoint, Paragraph, Row
from konwent_bot.documents.minutes.facts import AnnexFacts, MeetingFacts, Point, Quorum, Report
from konwent_bot.documents.minutes.presence import attendance
from konwent_bot.documents.minutes.proceedings import proposal
from konwent_bot.documents.minutes.tasks import given, reviewed
from konwent_bot.documents.minutes.writing import name, words
from konwent_bot.documents.place_words import place
from konwent_bot.domain.meetings.agenda import MATTERS
from konwent_bot.domain.meetings.words import MeetingKind
from konwent_bot.errors import N_
from konwent_bot.i18n import Translator

#: Keys of the parts around the points of the agenda. ``opening`` is there only where the agenda has no opening.
ATTENDANCE, OPENING, PROPOSALS, TASKS, END, ANNEX = "attendance", "opening", "proposals", "tasks", "end", "annex"

_SUBTITLES: Final[dict[MeetingKind, str]] = {
    "strategic": N_("of the strategic meeting"),
    "operational": N_("of the operational meeting"),
    "networking": N_("of the networking meeting"),
    "central": N_("of the central meeting"),
}
#: What became of a point: of a matter of somebody's, and of a standing one.
_MATTER: Final = {
    "done": N_("The matter is closed."),
    "open": N_("The matter stays open."),
    "carried": N_("The matter was carried over to the next meeting."),
}
_STANDING: Final = {
    "done": N_("The point was dealt with."),
    "open": N_("The point stays open."),
    "carried": N_("The point was carried over to the next meeting."),
}
#: Points that say all there is to say by themselves.
_NEED_NO_WORD: Final = frozenset({"opening_and_quorum", "status_report", "open_tasks", "next_date"})


def draft(facts: MeetingFacts, t: Translator) -> Draft:
    """Draft the minutes of a meeting."""
    points = facts.points
    if not any(point.kind == "opening_and_quorum" for point in points):
        points = (Point(OPENING, "opening_and_quorum"), *points)
    inside = tuple(_point(facts, point, number, t) for number, point in enumerate(points, 1))
    others = (_others(facts, t),) if facts.proposals else ()
    return Draft(
        title=t("Minutes no. {number}", number=facts.number),
        subtitle=_subtitle(facts.kind, facts.group, t),
        body=name(facts.body),
        head=_head(facts, t),
        points=(
            DraftPoint(ATTENDANCE, t("Attendance"), None, (*attendance(facts, t), *_notes(facts, ATTENDANCE))),
            *inside,
            *others,
            DraftPoint(TASKS, t("Tasks"), None, (*_tasks(facts, t), *_notes(facts, TASKS))),
            DraftPoint(
                END,
                t("End of the meeting"),
                None,
                _end(facts, {ATTENDANCE, TASKS, *(point.key for point in (*inside, *others))}, t),
            ),
        ),
        signatures=_signatures(t),
        digest=_digest(facts),
    )


def annex(facts: AnnexFacts, t: Translator) -> Draft:
    """Draft a correction of final minutes."""
    about = (Paragraph("about", "text", t("It is about the point: {point}.", point=name(facts.point))),) if facts.point else ()
    said = Paragraph("annex", "note", words(facts.text))
    return Draft(
        title=t("Annex no. {number} to minutes no. {minutes}", number=facts.number, minutes=facts.minutes),
        subtitle=_subtitle(facts.kind, facts.group, t),
        body=name(facts.body),
        head=(Row("when", (t("Day of the meeting"), t.day(facts.day))),),
        points=(DraftPoint(ANNEX, t("Text of the annex"), None, (*about, said)),),
        signatures=_signatures(t),
        digest=None,
    )


# --- the head ---------------------------------------------------------------------------------------------------------


def _subtitle(kind: MeetingKind, group: str, t: Translator) -> str:
    if group:
        return t("of the meeting of the working group “{group}”", group=name(group))
    return t(_SUBTITLES[kind])


def _head(facts: MeetingFacts, t: Translator) -> tuple[Row, ...]:
    said = (
        Row("when", (t("Date"), meeting_words.when(t, facts.day, facts.starts, facts.ends))),
        Row("place", (t("Place"), name(facts.place))),
        Row("mode", (t("Form"), meeting_words.mode(t, facts.mode))),
        Row("chair", (t("Chaired by"), place(t, facts.chair))),
        Row("topic", (t("Subject"), name(facts.topic))),
    )
    return tuple(row for row in said if row.cells[1])


def _signatures(t: Translator) -> tuple[str, ...]:
    return (t("signature of whoever chaired the meeting"), t("signature of whoever wrote the minutes"))


def _digest(facts: MeetingFacts) -> Digest:
    asked = (*(one for point in facts.points for one in point.proposals), *facts.proposals)
    return Digest(
        kind=facts.kind, group=name(facts.group), day=facts.day, starts=facts.starts, ends=facts.ends,
        mode=facts.mode, place=name(facts.place),
        present=facts.quorum.present, entitled=facts.quorum.entitled, quorate=_quorate(facts.quorum),
        decisions=tuple((one.number, name(one.title), one.verdict) for each in asked for one in each.decisions),
        tasks=len(facts.tasks), next_day=None if facts.next_meeting is None else facts.next_meeting.day,
    )  # fmt: skip


# --- points -----------------------------------------------------------------------------------------------------------


def _point(facts: MeetingFacts, point: Point, number: int, t: Translator) -> DraftPoint:
    said: list[Paragraph] = []
    if point.carried_from is not None:
        said.append(
            _text(
                f"carried_from:{point.key}", t("Carried over from the meeting of {day}.", day=t.day_and_year(point.carried_from))
            )
        )
    if point.proposer and not point.proposals:  # a proposal says it by itself
        said.append(_text(f"proposer:{point.key}", t("Entered by: {institution}.", institution=name(point.proposer))))
    if point.detail:
        said.append(_text(f"detail:{point.key}", words(point.detail)))
    match point.kind:
        case "opening_and_quorum":
            said.append(_text("quorum", _quorum(facts.quorum, t)))
        case "status_report":
            said.append(_report(facts.report, t))
        case "open_tasks":
            said += reviewed(facts, t)
        case "next_date":
            said.append(_next(facts, t))
    for each in point.proposals:
        said += proposal(each, t)
    said += _notes(facts, point.key)
    if became := _became(point, t):
        said.append(_text(f"outcome:{point.key}", became))
    title = point.title if point.kind == "card_conclusions" else name(point.title) or ("–" if point.kind in MATTERS else "")
    return DraftPoint(point.key, meeting_words.item(t, point.kind, title), number, tuple(said))


def _became(point: Point, t: Translator) -> str:
    if not point.outcome or (point.outcome == "done" and point.kind in _NEED_NO_WORD):
        return ""
    if point.outcome == "done" and point.kind == "adoption_of_agenda":
        return t("The agenda was adopted.")
    return t((_MATTER if point.kind in MATTERS else _STANDING)[point.outcome])


def _quorate(quorum: Quorum) -> bool:
    return quorum.present >= quorum.needed


def _quorum(quorum: Quorum, t: Translator) -> str:
    """Say the quorum at the opening, and the hours with one where it was not there throughout."""
    said = [t("Entitled institutions: {n}.", n=quorum.entitled)]
    if not quorum.needed:
        return " ".join((*said, t("No quorum is needed."), t("Present at the opening: {n}.", n=quorum.present)))
    said += [t("Needed for a quorum: {n}.", n=quorum.needed), t("Present at the opening: {n}.", n=quorum.present)]
    quorate = _quorate(quorum)
    said.append(t("There was a quorum at the opening.") if quorate else t("There was no quorum at the opening."))
    if quorum.spans and not (quorate and len(quorum.spans) == 1 and quorum.spans[0][1] is None):
        said.append(t("Hours with a quorum: {hours}.", hours=", ".join(_hours(*span, t) for span in quorum.spans)))
    elif not quorum.spans and not quorate:
        said.append(t("There was none later either."))
    return " ".join(said)


def _hours(since: time, until: time | None, t: Translator) -> str:
    if until is None:
        return t("from {time} to the end", time=since)
    return t("{start}–{end}", start=since, end=until)


def _report(report: Report | None, t: Translator) -> Paragraph:
    if report is None:
        return _text("report", t("No report was handed in."))
    numbers = ((t("In the process"), report.in_process), (t("Joined"), report.joined), (t("Finished"), report.finished))
    said = [*((label, report_words.number(t, number)) for label, number in numbers)]
    said.append((t("Difficulties"), report_words.problems(t, report.problems, name(report.problems_other))))
    if report.requests:
        said.append((t("Requests to partners"), words(report.requests)))
    return Paragraph(
        "report", "list",
        t("The report is on the time {since} – {until}.", since=t.day_and_year(report.since), until=t.day_and_year(report.until)),
        items=tuple(f"{label}: {value}" for label, value in said),
    )  # fmt: skip


def _next(facts: MeetingFacts, t: Translator) -> Paragraph:
    meeting = facts.next_meeting
    if meeting is None:
        return _text("next_meeting", t("The date of the next meeting has not been set yet."))
    kind = (
        f"{meeting_words.kind(t, meeting.kind)} ({name(meeting.group)})" if meeting.group else meeting_words.kind(t, meeting.kind)
    )
    when = meeting_words.when(t, meeting.day, meeting.starts, meeting.ends)
    said = [kind, when, name(meeting.place)]
    return _text("next_meeting", t("Next meeting: {meeting}.", meeting=", ".join(one for one in said if one)))


# --- what stands after them -------------------------------------------------------------------------------------------


def _others(facts: MeetingFacts, t: Translator) -> DraftPoint:
    said = [paragraph for each in facts.proposals for paragraph in proposal(each, t)]
    return DraftPoint(PROPOSALS, t("Other proposals"), None, (*said, *_notes(facts, PROPOSALS)))


def _tasks(facts: MeetingFacts, t: Translator) -> tuple[Paragraph, ...]:
    told = any(point.kind == "open_tasks" for point in facts.points)
    return (*given(facts, t), *(() if told or not facts.reviewed else reviewed(facts, t)))


def _end(facts: MeetingFacts, keys: set[str], t: Translator) -> tuple[Paragraph, ...]:
    """Close: what was written under no point, the next meeting where no point says it, the files, the hour."""
    said = [_note(note.id, note.text) for note in facts.notes if note.point not in keys]
    if not any(point.kind == "next_date" for point in facts.points):
        said.append(_next(facts, t))
    if facts.files:
        said.append(
            Paragraph("files", "list", t("Files with these minutes:"), items=tuple(name(file.name) for file in facts.files))
        )
    ended = t("The meeting ended at {time}.", time=facts.ended) if facts.ended is not None else ""
    said.append(_text("closing", " ".join(one for one in (ended, t("With this the minutes end.")) if one)))
    return tuple(said)


def _notes(facts: MeetingFacts, key: str) -> tuple[Paragraph, ...]:
    return tuple(_note(note.id, note.text) for note in facts.notes if note.point == key)


def _note(note: int, text: str) -> Paragraph:
    return Paragraph(f"note:{note}", "note", words(text))


def _text(source: str, text: str) -> Paragraph:
    return Paragraph(source, "text", text)
