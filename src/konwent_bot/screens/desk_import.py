"""The desk's roster: a file is sent, looked over row by row, and confirmed; nothing counts before that.

What is confirmed is what was looked over: the file by its hash, and what it would do by the fingerprint of its preview.
"""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Final

from konwent_bot.documents.tables import MAX_FILE_BYTES, Table, read_table
from konwent_bot.domain.roster import Message, Problem, Roster, read_roster
from konwent_bot.domain.roster_preview import Preview, PreviewRow, Status
from konwent_bot.errors import N_, Invalid, KonwentError, Refused
from konwent_bot.i18n import Translator
from konwent_bot.office import desk, people, rosters, uploads
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import desk_words, words
from konwent_bot.screens.intents import ConfirmRoster, Intent, PreviewRoster, SeeImport, SeeMembers
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.screen import Action, Field, Form, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visitor

#: Rows told one by one; of a longer list the first ones, and how many there are more.
TOLD: Final = 100
ACCEPT: Final = ".csv,.xlsx,.xls,.ods"

#: In the order in which rows and figures are told.
_ORDER: tuple[Status, ...] = ("error", "warning", "changed", "new", "unchanged")
_COUNTED: Mapping[Status, str] = {
    "error": N_("Rows with an error"),
    "warning": N_("Rows with a warning"),
    "changed": N_("Changed"),
    "new": N_("New"),
    "unchanged": N_("Unchanged"),
}


@lru_cache(maxsize=4)
def read(content: bytes) -> Table | Invalid:
    """Read a file, or give why it cannot be read. The last few are remembered.

    A unit of work may run more than once, and the same file comes again to be confirmed, while reading a spreadsheet takes a
    process of its own.
    """
    try:
        return read_table(content)
    except Invalid as wrong:
        return wrong


def ahead(uow: UnitOfWork, visitor: Visitor, intent: Intent) -> Callable[[], object] | None:
    """Give the slow part of an intent that needs no store, if there is one and the visitor may ask for it.

    Whoever serves pages runs it on another thread before the unit of work, so that nobody else waits while a spreadsheet is read;
    what was read is then at hand. Without it everything works the same, only slower for all. Changes nothing.
    """
    person = None if visitor.caller is None else people.find(uow, visitor.caller)
    if person is None or not visitor.page or not isinstance(intent, PreviewRoster | ConfirmRoster):
        return None
    try:
        require(uow, Actor(person.id), "roster.import", body=intent.body)
        if isinstance(intent, PreviewRoster):
            content = visitor.given.file or b""
        else:
            content = uploads.find(
                uow, Actor(person.id), intent.body, intent.upload, visitor.given.fields.get("sha256", "")
            ).content
    except Refused:
        return None  # the visit itself says so
    return partial(read, content)


def _roster(content: bytes) -> Roster:
    table = read(content)
    if isinstance(table, Invalid):
        raise table
    return read_roster(table)


# --- screens ----------------------------------------------------------------------------------------------------------


def _form(body: int, t: Translator, *, problem: str = "", label: str = "") -> Form:
    hint = t("CSV, XLSX, XLS or ODS, at most {limit} MB, one person per row.", limit=MAX_FILE_BYTES // 1_000_000)
    file = Field("file", t("File with the roster"), kind="file", hint=hint, problem=problem, accept=ACCEPT)
    return Form(PreviewRoster(body), (file,), label or t("Look over the file"), SeeImport(body))


def ask(body: int, name: str, t: Translator, *, problem: str = "", notice: str = "") -> Screen:
    """Ask for a file."""
    return Screen(
        t("Import a roster"),
        context=(name,),
        notice=notice,
        problem=problem,
        paragraphs=(
            t("First you will see, row by row, what the file would change. Nothing changes before you confirm."),
            t("An import adds and corrects, and never removes. Who is not in the file stays."),
        ),
        items=(
            t("Needed columns: institution name, type (A, B or C), role."),
            t("Helpful columns: short name, sector, place, position, first and last name, e-mail."),
            t("Roles: head, designated person, substitute, coordinator, chair, vice-chair, case manager, minute-taker."),
        ),
        form=_form(body, t, problem=problem),
        trail=desk_words.trail(t, body),
    )


def looked_over(body: int, name: str, found: Preview, kept: uploads.Kept | None, t: Translator, *, notice: str = "") -> Screen:
    """Show what an import would do, and ask for its confirmation if it can be done (``kept`` is then the file that waits)."""
    problem, paragraphs = "", []
    if not found.importable:
        wrong = found.summary["error"]
        problem = t.plural(
            "{n} row has an error, so nothing can be imported. Correct it in the file and send the file again.",
            "{n} rows have errors, so nothing can be imported. Correct them in the file and send the file again.",
            wrong,
        )
    elif found.changes_nothing:
        notice = notice or t("Everything in this file is stored already; there is nothing to import.")
    else:
        paragraphs.append(t("Nothing has been changed yet. Read what would change, then confirm below."))
    told = sorted((row for row in found.rows if row.status != "unchanged"), key=lambda row: _ORDER.index(row.status))
    items = [_line(row, t) for row in told[:TOLD]]
    if len(told) > TOLD:
        items.append(t.plural("… and {n} more row", "… and {n} more rows", len(told) - TOLD))
    ready = kept is not None and found.importable and not found.changes_nothing
    return Screen(
        t("What the roster would change"),
        context=(name,),
        notice=notice,
        problem=problem,
        paragraphs=tuple(paragraphs),
        facts=_figures(found, t),
        items=tuple(items),
        notes=tuple(_said(note, t) for note in found.notes),
        form=_confirmation(body, found, kept, t)
        if kept is not None and ready
        else _form(body, t, label=t("Look over another file")),
        trail=desk_words.trail(t, body, Action(t("Import a roster"), SeeImport(body))),
    )


def _figures(found: Preview, t: Translator) -> tuple[tuple[str, str], ...]:
    """Count what would happen, and beside it errors and warnings: a row with a warning is new, changed or unchanged all the same."""
    counts = Counter[str](row.change for row in found.rows if row.change is not None)
    counts.update({status: found.summary[status] for status in ("error", "warning")})
    return tuple((t(_COUNTED[status]), str(counts[status])) for status in _ORDER if counts[status])


def _confirmation(body: int, found: Preview, kept: uploads.Kept, t: Translator) -> Form:
    hidden = {"sha256": kept.sha256, "seen": rosters.digest(found)}
    fields = tuple(Field(name, name, kind="hidden", value=value) for name, value in hidden.items())
    return Form(ConfirmRoster(body, kept.id), fields, t("Import this roster"), SeeImport(body))


def _line(row: PreviewRow, t: Translator) -> str:
    """Tell a row: what happens with it, then what is doubtful about it."""
    if row.status == "error":
        return t("Error. {said}", said=_all(row.messages, t))
    parts = []
    changes = [message for message in row.messages if not isinstance(message, Problem)]
    if row.change == "new" and row.entry is not None:
        entry = row.entry
        who = (entry.short_name or entry.institution, words.place(t, entry.role), entry.name or entry.email)
        parts.append(t("New. Row {row}: {who}.", row=row.row, who=", ".join(filter(None, who))))
    if changes:
        parts.append(t("Change. {said}", said=_all(changes, t)))
    if doubts := [message for message in row.messages if isinstance(message, Problem)]:
        parts.append(t("Warning. {said}", said=_all(doubts, t)))
    return " ".join(parts)


def _all(messages: Sequence[Message], t: Translator) -> str:
    return " ".join(_said(message, t) for message in messages)


def _said(message: Message, t: Translator) -> str:
    return t(message.msgid, **message.facts)


# --- visits -----------------------------------------------------------------------------------------------------------


def _see_import(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeImport, t: Translator) -> Reply:
    return Reply(ask(intent.body, desk.body_name(uow, Actor(person.id), intent.body), t), at=intent)


def _preview(uow: UnitOfWork, visitor: Visitor, person: Known, intent: PreviewRoster, t: Translator) -> Reply:
    actor, body = Actor(person.id), intent.body
    name = desk.body_name(uow, actor, body)
    if not visitor.page:  # files come by pages only
        return Reply(ask(body, name, t))
    uploads.admit(uow, actor, body)
    content = visitor.given.file
    try:
        if not content:
            raise Invalid(N_("Choose the file with the roster first."))
        roster = _roster(content)
    except Invalid as wrong:
        return _refused(body, name, wrong, t)
    found = rosters.preview(uow, actor, body, roster)
    kept = uploads.keep(uow, actor, body, content) if found.importable and not found.changes_nothing else None
    return Reply(looked_over(body, name, found, kept, t))


def _confirm(uow: UnitOfWork, visitor: Visitor, person: Known, intent: ConfirmRoster, t: Translator) -> Reply:
    actor, body = Actor(person.id), intent.body
    name = desk.body_name(uow, actor, body)
    if not visitor.page:
        return Reply(ask(body, name, t))
    given = visitor.given.fields
    try:
        kept = uploads.find(uow, actor, body, intent.upload, given.get("sha256", ""))
        roster = _roster(kept.content)
    except (Refused, Invalid) as wrong:
        return _refused(body, name, wrong, t)
    found = rosters.preview(uow, actor, body, roster)
    if found.changes_nothing and found.importable:
        return Reply(ask(body, name, t, notice=t("This roster has been imported already.")), at=SeeMembers(body))
    try:
        _same(found, given.get("seen", ""))
        done = rosters.import_roster(uow, actor, body, roster, expected_digest=rosters.digest(found))
    except Refused:
        # Between the preview and now, or between two statements of this act, somebody else changed the roster.
        again = t(
            "The roster has changed since you looked it over, so nothing was imported. This is what the file would change now."
        )
        return Reply(looked_over(body, name, rosters.preview(uow, actor, body, roster), kept, t, notice=again))
    changes = [row.change for row in done.rows]
    said = t(
        "The roster has been imported. New: {new}, changed: {changed}.",
        new=changes.count("new"),
        changed=changes.count("changed"),
    )
    return Reply(ask(body, name, t, notice=said), at=SeeMembers(body))


def _same(found: Preview, seen: str) -> None:
    if not hmac.compare_digest(rosters.digest(found).encode(), seen.encode("utf-8", "surrogatepass")):
        raise Refused(
            N_("The roster has changed since this preview was made. Nothing was imported; please look at a new preview.")
        )


def _refused(body: int, name: str, wrong: KonwentError, t: Translator) -> Reply:
    return Reply(ask(body, name, t, problem=t.say(wrong)), refusal=wrong)


VISITS: Final[Mapping[type[Intent], Visit]] = {
    SeeImport: let_in(_see_import),
    PreviewRoster: let_in(_preview),
    ConfirmRoster: let_in(_confirm),
}
