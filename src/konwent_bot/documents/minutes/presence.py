"""Who was there: a table of institutions, roles and hours; who was not; guests by their function."""

from __future__ import annotations

from konwent_bot.documents.minutes.draft import Paragraph, Row
from konwent_bot.documents.minutes.facts import Attended, MeetingFacts, Span
from konwent_bot.documents.minutes.writing import name
from konwent_bot.documents.place_words import place
from konwent_bot.i18n import Translator


def attendance(facts: MeetingFacts, t: Translator) -> tuple[Paragraph, ...]:
    """Say who was there and who was not."""
    said = [_present(facts, t)]
    if facts.absent:
        said.append(_absent(facts, t))
    if facts.guests:
        guests = "; ".join(name(guest) for guest in facts.guests)
        said.append(Paragraph("guests", "text", t("Guests who had announced that they would come: {guests}.", guests=guests)))
    return tuple(said)


def _present(facts: MeetingFacts, t: Translator) -> Paragraph:
    if not facts.attended:
        return Paragraph("attended", "text", t("No institution was noted as present."))
    return Paragraph(
        "attended", "table", title=t("Institutions present: {n}", n=len(facts.attended)),
        columns=(t("Institution"), t("Represented by"), t("Hours of presence")),
        rows=tuple(_row(facts, one, t) for one in facts.attended),
    )  # fmt: skip


def _absent(facts: MeetingFacts, t: Translator) -> Paragraph:
    words = {True: t("announced"), False: t("not announced")}
    return Paragraph(
        "absent", "table", title=t("Institutions absent: {n}", n=len(facts.absent)),
        columns=(t("Institution"), t("Absence")),
        rows=tuple(Row(f"absent:{one.membership}", (name(one.institution), words[one.announced])) for one in facts.absent),
    )  # fmt: skip


def _row(facts: MeetingFacts, one: Attended, t: Translator) -> Row:
    roles = dict.fromkeys(place(t, span.role) for span in one.spans)
    hours = ", ".join(_hours(facts, span, t) for span in one.spans)
    return Row(f"attendance:{one.membership}", (name(one.institution), ", ".join(roles), hours))


def _hours(facts: MeetingFacts, span: Span, t: Translator) -> str:
    """Say when somebody was there; what is not said is from the beginning and to the end."""
    late = span.arrived > facts.starts
    match late, span.left:
        case False, None:
            return t("all the time")
        case True, None:
            return t("from {time}", time=span.arrived)
        case False, left:
            return t("until {time}", time=left)
        case _, left:
            return t("{start}–{end}", start=span.arrived, end=left)
