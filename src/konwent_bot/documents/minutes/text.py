"""Minutes as plain text: a summary of at most five lines in any language, and the whole, for letters and chats.

Nothing here is markup; whoever shows it escapes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from konwent_bot.documents import decision_words, meeting_words
from konwent_bot.documents.minutes.content import Content
from konwent_bot.documents.minutes.draft import Digest, Draft
from konwent_bot.i18n import Translator

#: Decisions a summary names; of more it says how many there are.
_NAMED: Final = 3
#: Characters of a title in a summary.
_TITLE: Final = 80
#: Characters of an annex in a summary.
_BEGINNING: Final = 200
#: Characters of a line of plain text.
_LINE: Final = 72


def summary(draft: Draft, t: Translator) -> tuple[str, ...]:
    """Say a meeting, or an annex, in at most five lines, in the reader's language."""
    digest = draft.digest
    if digest is None:
        return (f"{draft.title}.", _short(" ".join(draft.points[-1].paragraphs[-1].text.split()), _BEGINNING))
    meeting = meeting_words.kind(t, digest.kind) + (f" ({digest.group})" if digest.group else "")
    when = meeting_words.when(t, digest.day, digest.starts, digest.ends)
    quorum = t("There was a quorum.") if digest.quorate else t("There was no quorum.")
    there = t("Institutions present: {present} of {entitled}.", present=digest.present, entitled=digest.entitled)
    lines = [", ".join(one for one in (meeting, when, digest.place) if one) + ".", f"{there} {quorum}", _decisions(digest, t)]
    if digest.tasks:
        lines.append(t("Tasks: {n}.", n=digest.tasks))
    if digest.next_day is not None:
        lines.append(t("Next meeting: {meeting}.", meeting=t.day(digest.next_day)))
    return tuple(lines)


def paragraphs(content: Content) -> tuple[str, ...]:
    """Give the whole as paragraphs: the heading, its facts, and each point with its heading first."""
    return tuple(text for _, text in _parts(content))


def plain(content: Content) -> str:
    """Give the whole as one text: headings are underlined, paragraphs parted by an empty line."""
    written = (f"{text}\n{'-' * min(len(text), _LINE)}" if is_heading else text for is_heading, text in _parts(content))
    return "\n\n".join(written) + "\n"


def _parts(content: Content) -> Iterator[tuple[bool, str]]:
    """Give every heading (true) and paragraph (false) in order."""
    draft = content.draft
    yield False, draft.body
    yield True, f"{draft.title} {draft.subtitle}"
    yield False, "\n".join(f"{row.cells[0]}: {row.cells[1]}" for row in draft.head)
    yield False, content.status
    for point in content.points:
        yield True, point.named
        yield from ((False, "\n".join(paragraph.lines)) for paragraph in point.paragraphs)


def _decisions(digest: Digest, t: Translator) -> str:
    if not digest.decisions:
        return t("No decision was taken.")
    named = "; ".join(
        t("{number} “{title}” – {became}", number=number, title=_short(title), became=decision_words.became(verdict, t))
        for number, title, verdict in digest.decisions[:_NAMED]
    )
    left = len(digest.decisions) - _NAMED
    if left > 0:
        return t.plural("Decisions: {named}; and {n} more.", "Decisions: {named}; and {n} more.", left, named=named)
    return t("Decisions: {named}.", named=named)


def _short(text: str, most: int = _TITLE) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
