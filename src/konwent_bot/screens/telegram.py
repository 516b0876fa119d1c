"""A screen as a Telegram message: HTML text and an inline keyboard, as plain values (no Telegram library here).

Platform facts: 1-4096 characters after entity parsing, callback data 1-64 bytes, at most 100 buttons and 8 in a row (Bot API).
Everything a person or an operator wrote is escaped; nothing is ever parsed as markup.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape
from statistics import median
from typing import Final

from konwent_bot.dialogue.view import QuestionView
from konwent_bot.i18n import Translator
from konwent_bot.office.dialogues import Touch, Verb
from konwent_bot.screens.agenda_intents import PrintAttendance, PrintCode, TakeMaterial
from konwent_bot.screens.archive_intents import TakeMinutesFile, TakeYear
from konwent_bot.screens.intents import AskPrint, DownloadMine, OpenPage, PrintInvitations, SeeMine, encode, place_of
from konwent_bot.screens.minutes_intents import TakeDraft, TakeDraftFile
from konwent_bot.screens.screen import Action, Asked, Screen, in_rows

#: Characters of a message after parsing (Bot API, sendMessage).
MOST_CHARACTERS: Final = 4096
#: More choices than this become a numbered list in the text with number buttons.
MOST_WORD_BUTTONS: Final = 8
#: What cutting a part may add to it.
_CLOSING: Final = len("</blockquote>…")
#: Characters of an item that takes three lines of a phone at most, and is no paragraph.
LINE: Final = 90
#: Number buttons in a row.
NUMBERS_IN_A_ROW: Final = 6


@dataclass(frozen=True, slots=True)
class Button:
    """One button: words, and either callback data or an address."""

    text: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class TelegramMessage:
    """What is sent or edited: HTML and keyboard rows. ``typed`` tells that the answer is to be typed, so it comes as a new message."""

    html: str
    keyboard: tuple[tuple[Button, ...], ...] = ()
    typed: bool = False


def render(screen: Screen, t: Translator) -> TelegramMessage:
    """Lay a screen out as a message."""
    parts: list[str] = []
    if screen.notice:
        parts.append(f"<i>{escape(screen.notice)}</i>")
    if screen.problem:
        parts.append(f"⚠️ <b>{escape(screen.problem)}</b>")
    parts.append("\n".join([f"<b>{escape(screen.title)}</b>", *(escape(line) for line in screen.context)]))
    parts += [escape(paragraph) for paragraph in (screen.read_back, *screen.paragraphs)]
    if screen.facts:
        parts.append("\n".join(f"{escape(label)}: <b>{escape(value)}</b>" for label, value in screen.facts))
    parts.append(_itemized(screen))
    for section in screen.sections:
        parts += [f"<b>{escape(section.title)}</b>", *(escape(paragraph) for paragraph in section.paragraphs)]
    rows: list[tuple[Button, ...]] = [(_button(one),) for one in screen.readings]
    if screen.rows:
        parts.append(_listed(screen))
        rows += _numbers(screen)
        if rows:
            parts.append(escape(_numbers_mean(screen, t)))
    typed = False
    if screen.question is not None:
        words, keys, typed = _question(screen.question, t)
        parts += words
        rows += keys
    if screen.notes:
        # Small print: a phone shows its first lines and opens the rest at a touch.
        parts.append("<blockquote expandable>" + "\n".join(escape(note) for note in screen.notes) + "</blockquote>")
    if screen.form is not None and not screen.form.only:
        parts.append(escape(t("This is written on a page; the button opens it.")))
    rows += _ways_on(screen)
    return TelegramMessage(_fitting(parts), tuple(rows), typed)


def _question(asked: Asked, t: Translator) -> tuple[list[str], list[tuple[Button, ...]], bool]:
    """Give the text parts and the keyboard of a question, and whether its answer is typed."""
    shown = asked.view
    parts = [f"<b>{escape(shown.prompt)}</b>"]
    rows: list[tuple[Button, ...]] = []
    typed = False
    match shown.kind:
        case "scale":
            rows = _scale(asked, parts)
        case "single" | "yesno" | "confirm":
            rows = _choices(asked, parts, several=False)
        case "multi" | "slots":
            parts.append(_how_many(shown, t))
            rows = _choices(asked, parts, several=True)
            done = t("Done") if shown.can_done else t("Done (mark at least {min} first)", min=shown.min or 1)
            rows.append((_press(asked, done, "done"),))
        case "text" | "number" | "date" | "moment" | "time":
            typed = True
            parts.append(_hint(shown, t))
    if shown.answer is not None and shown.kind not in ("multi", "slots"):
        parts.append(escape(t("Your answer so far: {answer}", answer=shown.answer)))
        rows.append((_press(asked, t("Leave it as it is"), "done"),))
    return parts, rows, typed


def _ways_on(screen: Screen) -> list[tuple[Button, ...]]:
    """Give the keys under everything: the page of the form, the actions, the way up."""
    shown = [tuple(_on_phone(one) for one in row if one.only != "page") for row in (*screen.actions, screen.trail[-1:])]
    if screen.form is not None and not screen.form.only:
        shown.insert(0, (Action(screen.form.label, OpenPage(place_of(screen.form.at))),))
    return [tuple(_button(one) for one in row) for row in shown if row]


def _itemized(screen: Screen) -> str:
    """Write the items: lines of a list stand close; only a list that is mostly of paragraphs gets air between them."""
    if not screen.items:
        return ""
    marks = (f"{number}." for number in range(1, len(screen.items) + 1)) if screen.numbered else ("•" for _ in screen.items)
    between = "\n" if median(map(len, screen.items)) < LINE else "\n\n"
    return between.join(f"{mark} {escape(item)}" for mark, item in zip(marks, screen.items, strict=True))


def _listed(screen: Screen) -> str:
    """Write the rows; those with something to do are numbered, as their buttons are."""
    lines, number = [], 0
    for row in screen.rows:
        number += row.action is not None
        mark = f"{number}." if row.action is not None else "•"
        lines.append(f"{mark} {escape(row.label)}" + (f": {escape(row.value)}" if row.value else ""))
    between = "\n" if median(map(len, lines)) < LINE else "\n\n"
    return between.join(lines)


def _numbers(screen: Screen) -> list[tuple[Button, ...]]:
    acting = [row.action for row in screen.rows if row.action is not None]
    numbered = [replace(_button(_on_phone(action)), text=str(number)) for number, action in enumerate(acting, start=1)]
    return in_rows(numbered, NUMBERS_IN_A_ROW)


def _numbers_mean(screen: Screen, t: Translator) -> str:
    """Say what the number buttons do: the one thing all rows offer, or whatever stands beside each."""
    labels = {row.action.label for row in screen.rows if row.action is not None}
    return t("Number: {action}.", action=labels.pop()) if len(labels) == 1 else t("A number chooses its line.")


def _on_phone(action: Action) -> Action:
    """Lead to the page what a chat cannot hand over."""
    if isinstance(action.intent, DownloadMine):
        return replace(action, intent=OpenPage(place_of(SeeMine())))
    if isinstance(action.intent, PrintInvitations):
        return replace(action, intent=OpenPage(place_of(AskPrint(action.intent.body))))
    if isinstance(
        action.intent, PrintAttendance | PrintCode | TakeMaterial | TakeDraft | TakeDraftFile | TakeMinutesFile | TakeYear
    ):
        return replace(action, intent=OpenPage(place_of(action.intent)))
    return action


def _scale(asked: Asked, parts: list[str]) -> list[tuple[Button, ...]]:
    shown = asked.view
    scale = shown.scale
    assert scale is not None
    points = [choice for choice in shown.choices if choice is not scale.unknown]
    if scale.labels:
        lines = [f"{choice.label} – {label}" for choice, label in zip(points, scale.labels, strict=True)]
        parts.append(escape("\n".join(lines)))
    else:
        parts.append(escape(f"{scale.low} – {scale.low_label}\n{scale.high} – {scale.high_label}"))
    rows = [tuple(_press(asked, ("✓ " if one.marked else "") + one.label, "answer", one.id) for one in points)]
    if scale.unknown is not None:
        rows.append((_press(asked, ("✓ " if scale.unknown.marked else "") + scale.unknown.label, "answer", scale.unknown.id),))
    return rows


def _choices(asked: Asked, parts: list[str], *, several: bool) -> list[tuple[Button, ...]]:
    choices = asked.view.choices
    buttons = []
    numbered = len(choices) > MOST_WORD_BUTTONS
    for number, one in enumerate(choices, start=1):
        verb: Verb = ("unmark" if one.marked else "mark") if several else "answer"
        label = str(number) if numbered else one.label
        tick = "✓ " if one.marked else ""
        buttons.append(_press(asked, tick + label, verb, one.id))
    if not numbered:
        return [(button,) for button in buttons]
    lines = [f"{'✓ ' if one.marked else ''}{number}. {one.label}" for number, one in enumerate(choices, start=1)]
    parts.append(escape("\n".join(lines)))
    return in_rows(buttons, NUMBERS_IN_A_ROW)


def _how_many(shown: QuestionView, t: Translator) -> str:
    if shown.max is not None:
        return escape(t("Mark up to {max}, then press Done.", max=shown.max))
    return escape(t("Mark all that fit, then press Done."))


def _hint(shown: QuestionView, t: Translator) -> str:
    match shown.kind:
        case "number":
            return escape(t("Type a number."))
        case "date":
            return escape(
                t("Choose a day, or type it as you would say it, for example: {example}", example=t("next week on Thursday"))
            )
        case "moment":
            said = t("next week on Thursday at 10:30") if shown.day is None else "10:30"
            return escape(t("Choose, or type it as you would say it, for example: {example}", example=said))
        case "time":
            return escape(t("Type an hour, for example {example}.", example="10:30"))
        case _:
            return escape(t("Type your answer, up to {max} characters.", max=shown.max_chars or 0))


def _press(asked: Asked, label: str, verb: Verb, argument: str = "") -> Button:
    return Button(label, encode(Touch(asked.dialogue, asked.view.turn, verb, argument)))


def _button(action: Action) -> Button:
    return Button(action.label, encode(action.intent)) if action.intent is not None else Button(action.label, url=action.url)


def _fitting(parts: list[str]) -> str:
    """Join the parts, leaving out the longest ones' tails when the message would be refused as too long."""
    text = "\n\n".join(part for part in parts if part)
    # Entities and tags only make the parsed text shorter than this, so the bound is safe.
    while len(text) > MOST_CHARACTERS:
        longest = max(range(len(parts)), key=lambda at: len(parts[at]))
        over = len(text) - MOST_CHARACTERS
        shorter = _cut(parts[longest], len(parts[longest]) - over - 2)
        if len(shorter) < len(parts[longest]):
            parts[longest] = shorter
        else:  # nothing is left to shorten: so many parts cannot all be shown
            parts.pop()
        text = "\n\n".join(part for part in parts if part)
    return text


def _cut(html: str, length: int) -> str:
    """Cut a part to at most a length (or to nothing but "…") without breaking an entity or leaving a tag open."""
    kept = html[: max(0, length - _CLOSING)]
    kept = kept[: kept.rfind("&")] if "&" in kept[-8:] and ";" not in kept[kept.rfind("&") :] else kept
    kept = kept[: kept.rfind("<")] if kept.rfind("<") > kept.rfind(">") else kept
    for tag in ("i", "b", "blockquote"):  # none of them ever stands in another
        if kept.count(f"<{tag}>") + kept.count(f"<{tag} ") > kept.count(f"</{tag}>"):
            kept += f"</{tag}>"
    return kept + "…"
