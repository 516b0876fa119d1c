"""A draft from facts: short plain sentences, and each fact in a paragraph of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.documents.minutes.examples import POLISH, TWO_THIRDS, asked_for, drafted, meeting

from konwent_bot.documents.minutes.changes import changes
from konwent_bot.documents.minutes.draft import Draft
from konwent_bot.documents.minutes.drafting import annex
from konwent_bot.documents.minutes.facts import (
    AnnexFacts,
    Attended,
    Ballot,
    MeetingFacts,
    Note,
    Point,
    Proposal,
    Quorum,
    Report,
    Round,
    Span,
)
from konwent_bot.domain.decisions.consensus import STANCES, Stances, settle_round
from konwent_bot.domain.decisions.rule import DEFAULT_RULE
from konwent_bot.domain.decisions.tally import VERDICTS, Assembly, Counts, decide
from konwent_bot.domain.meetings.words import MEETING_KINDS, MEETING_MODES


def said(draft: Draft, source: str) -> str:
    """Give a paragraph, or a row of a table, as its lines."""
    for point in draft.points:
        for one in point.paragraphs:
            if one.source == source:
                return "\n".join(one.lines)
            for row in one.rows:
                if row.source == source:
                    return " | ".join(row.cells)
    raise LookupError(source)


# --- what is said -----------------------------------------------------------------------------------------------------


def test_the_head_says_which_meeting_it_was() -> None:
    """Body, kind, number, day, hours, place, mode, chair: no name of anybody."""
    draft = drafted(meeting())
    assert (draft.title, draft.subtitle) == ("Protokół nr 3/2026", "ze spotkania strategicznego")
    assert [row.cells for row in draft.head] == [
        ("Termin", "poniedziałek, 30 marca 2026, 10:00–12:00"), ("Miejsce", "Urząd Gminy w Modliborzycach, sala nr 7"),
        ("Forma", "na miejscu i przez internet"), ("Prowadzi", "osoba koordynująca"), ("Temat", "Dyżury i transport"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "group", "subtitle"),
    [
        ("strategic", "", "ze spotkania strategicznego"), ("operational", "", "ze spotkania operacyjnego"),
        ("networking", "", "ze spotkania sieciującego"), ("central", "", "ze spotkania centralnego"),
        ("operational", "Transport", "ze spotkania grupy roboczej „Transport”"),
    ],
)  # fmt: skip
def test_each_kind_of_meeting_has_its_words(kind: Any, group: str, subtitle: str) -> None:
    """A working group is named."""
    assert drafted(replace(meeting(kind), group=group)).subtitle == subtitle


def test_points_are_numbered_as_they_were_held() -> None:
    """The parts around the agenda have no numbers; an agenda without an opening gets one, because the quorum stands there."""
    draft = drafted(meeting(decisions=1))
    assert [point.named for point in draft.points] == [
        "Obecność", "1. Otwarcie i stwierdzenie kworum", "2. Przyjęcie porządku obrad", "3. Sprawozdanie ze stanu procesu reintegracji",
        "4. Wnioski z badania współpracy za II półrocze 2025", "5. Zadania z wcześniejszych spotkań i decyzji",
        "6. Udział pracodawców w sieci", "7. Wspólny transport na warsztaty", "8. Wolne wnioski", "9. Termin następnego spotkania",
        "Pozostałe wnioski", "Zadania", "Zakończenie",
    ]  # fmt: skip
    bare = drafted(replace(meeting(decisions=0), points=(), proposals=()))
    assert [point.key for point in bare.points] == ["attendance", "opening", "tasks", "end"]
    assert said(bare, "quorum").startswith("Uprawnione instytucje: 8.")


@pytest.mark.parametrize(
    ("spans", "hours"),
    [
        ([Span(time(9, 50), None, "head")], "przez całe spotkanie"),
        ([Span(time(10), None, "head")], "przez całe spotkanie"),
        ([Span(time(10, 5), None, "head")], "od 10:05"),
        ([Span(time(9, 50), time(11), "head")], "do 11:00"),
        ([Span(time(10, 5), time(11), "head")], "10:05–11:00"),
        ([Span(time(9, 50), time(10, 30), "head"), Span(time(11), None, "head")], "do 10:30, od 11:00"),
    ],
)
def test_who_came_late_or_left_early_is_noted(spans: list[Span], hours: str) -> None:
    """Who was there throughout has no hours to read."""
    facts = meeting()
    draft = drafted(replace(facts, attended=(replace(facts.attended[0], spans=tuple(spans)),)))
    assert said(draft, "attendance:0") == f"Gminny Ośrodek Pomocy Społecznej w Modliborzycach | osoba kierująca | {hours}"


@pytest.mark.parametrize(
    ("quorum", "sentence"),
    [
        (Quorum(6, 8, 4, ((time(9, 55), None),)),
         "Uprawnione instytucje: 8. Do kworum potrzeba: 4. Obecne na otwarciu: 6. Na otwarciu kworum było."),
        (Quorum(3, 8, 4, ((time(10, 12), None),)),
         "Uprawnione instytucje: 8. Do kworum potrzeba: 4. Obecne na otwarciu: 3. Na otwarciu kworum nie było. Kworum było w godzinach: "
         "od 10:12 do końca."),
        (Quorum(4, 8, 4, ((time(10), time(11)), (time(11, 20), None))),
         "Uprawnione instytucje: 8. Do kworum potrzeba: 4. Obecne na otwarciu: 4. Na otwarciu kworum było. Kworum było w godzinach: "
         "10:00–11:00, od 11:20 do końca."),
        (Quorum(1, 8, 4), "Uprawnione instytucje: 8. Do kworum potrzeba: 4. Obecne na otwarciu: 1. Na otwarciu kworum nie było. Później też go nie było."),
        (Quorum(2, 8, 0), "Uprawnione instytucje: 8. Kworum nie jest wymagane. Obecne na otwarciu: 2."),
    ],
)  # fmt: skip
def test_the_quorum_is_told_with_its_hours(quorum: Quorum, sentence: str) -> None:
    """At the opening, and when it was lost or reached only later."""
    assert said(drafted(replace(meeting(), quorum=quorum)), "quorum") == sentence


def test_the_report_is_told_in_numbers_that_tell_of_nobody() -> None:
    """Small numbers stay hidden; without a report that is said."""
    draft = drafted(meeting())
    assert said(draft, "report") == (
        "Sprawozdanie obejmuje okres: 1 stycznia 2026 – 27 marca 2026.\n– W procesie: 14\n– Przystąpiło: mniej niż 3\n– Zakończyło: 3\n"
        "– Trudności: dojazd; długie oczekiwanie na usługi; remont świetlicy\n– Prośby do partnerów: Bus na warsztaty w kwietniu."
    )
    assert said(drafted(replace(meeting(), report=None)), "report") == "Sprawozdania nie złożono."


def test_a_decision_is_told_with_all_that_led_to_it() -> None:
    """The proposal, the round with the objection in its author's words, the ballot with rule and result, the decision."""
    draft = drafted(meeting())
    assert (
        said(draft, "proposal:2")
        == "Wniosek: Karta współpracy w nowym układzie\nZgłaszająca instytucja: Powiatowy Urząd Pracy w Janowie Lubelskim."
    )
    assert said(draft, "round:2") == (
        "Sprawdzanie zgody, runda 1\nZgoda 5, zgoda z zastrzeżeniem 0, bez poparcia i bez sprzeciwu 0, sprzeciw 1, bez głosu 0. "
        "Kworum: 6 z 8, wymagane 4. 1 instytucja zgłasza sprzeciw: konsensusu nie ma.\n"
        "– Powiatowy Urząd Pracy w Janowie Lubelskim zgłasza sprzeciw: „W naszym urzędzie brakuje ludzi.” – co by pomogło: „Dyżur co dwa tygodnie.”"
    )
    assert said(draft, "ballot:2") == (
        "Głosowanie jawne\nKworum: co najmniej połowa uprawnionych instytucji. Wymagana większość: głosów za musi być co najmniej 2/3 "
        "oddanych głosów, razem z wstrzymującymi się.\nZa 5, przeciw 1, wstrzymało się 0. Kworum: 6 z 8, wymagane 4. Wymagana większość: "
        "co najmniej 2/3 z 6 oddanych głosów, potrzeba 4 głosów za. Przyjęto.\n"
        "Głosowanie zamknięto przed czasem, bo nic nie mogło już zmienić wyniku."
    )
    assert said(draft, "decision:2") == (
        "Decyzja 2/2026: Karta współpracy w nowym układzie\nKartę wypełnia się do końca drugiego tygodnia po półroczu. Pytanie o transport "
        "jest obowiązkowe.\n– Przyjęto.\n– Głosowanie jawne: za 5, przeciw 1, wstrzymało się 0."
    )


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("withdrawn", "Wniosek wycofano."),
        ("discussion", "Wniosku nie rozstrzygnięto."),
        ("undecided", "Wniosku nie rozstrzygnięto."),
    ],
)
def test_what_was_not_decided_is_told_with_its_text(state: str, sentence: str) -> None:
    """A proposal that led to nothing stands there in full."""
    asked = Proposal(5, "Logo", "Sieć przyjmuje logo.\nWzór jest w załączniku.", "", state, (Round(8, 1, None),))
    draft = drafted(replace(meeting(), proposals=(asked,)))
    assert said(draft, "proposal:5") == "Wniosek: Logo\nSieć przyjmuje logo.\nWzór jest w załączniku."
    assert (
        said(draft, "round:8")
        == "Sprawdzanie zgody, runda 1\nZakończono je bez wyniku, bo treść zmieniono albo wniosek wycofano."
    )
    assert said(draft, "fate:5") == sentence


def test_a_ballot_without_a_quorum_and_the_one_after_it_both_stand_there() -> None:
    """In the order in which they were held, each with its entry in the register."""
    asked = asked_for(2, 8, 6)
    void = decide(DEFAULT_RULE, Assembly(8, 3), Counts(3, 0, 0))
    first, last = asked.acts
    entry = replace(asked.decisions[0], id=70, number="7/2026", verdict="void", votes=(3, 0, 0))
    twice = replace(asked, acts=(first, Ballot(60, "by_hand", void, decision=entry), last))
    facts = meeting()
    draft = drafted(replace(facts, points=(*facts.points[:3], Point("item:50", "own", title="Karta", proposals=(twice,)))))
    sources = [one.source for one in draft.points[4].paragraphs]
    assert sources == ["proposal:2", "round:2", "ballot:60", "decision:70", "ballot:2", "decision:2"]
    assert said(draft, "decision:70").endswith(
        "– Głosowanie jest nieważne.\n– Głosowanie jawne: za 3, przeciw 0, wstrzymało się 0."
    )


def test_a_note_stands_under_its_point_and_none_is_lost() -> None:
    """In the order given; one whose point is not there any more stands at the end."""
    notes = (
        Note(1, "item:2", "A"),
        Note(2, "item:777", "B"),
        Note(3, "item:2", "C"),
        Note(4, "attendance", "D"),
        Note(5, "end", "E"),
    )
    draft = drafted(replace(meeting(), notes=notes))
    under = {
        note.id: point.key
        for point in draft.points
        for note in notes
        if any(one.source == f"note:{note.id}" for one in point.paragraphs)
    }
    assert under == {1: "item:2", 2: "end", 3: "item:2", 4: "attendance", 5: "end"}
    second = draft.point("item:2")
    assert second is not None
    assert [one.text for one in second.paragraphs if one.kind == "note"] == ["A", "C"]
    assert draft.point("item:777") is None


def test_open_tasks_stand_under_their_point_or_with_the_tasks() -> None:
    """Never twice, and never nowhere."""
    facts = meeting()
    places = [point.key for point in drafted(facts).points if any(one.source == "reviewed" for one in point.paragraphs)]
    assert places == ["open_tasks"]
    without = replace(facts, points=tuple(point for point in facts.points if point.kind != "open_tasks"))
    places = [point.key for point in drafted(without).points if any(one.source == "reviewed" for one in point.paragraphs)]
    assert places == ["tasks"]
    assert (
        said(drafted(facts), "reviewed:300")
        == "Spisać adresy poradni | Poradnia Zdrowia Psychicznego | 1 marca 2026 | wykonano 26 lutego 2026: Lista jest na stronie."
    )
    assert said(drafted(facts), "reviewed:301").endswith("| 20 marca 2026 | jeszcze niewykonane")


def test_the_end_says_what_comes_next() -> None:
    """The next meeting where no point says it, files, the hour; what is not known is said to be so."""
    facts = meeting()
    bare = drafted(replace(facts, points=facts.points[:2], next_meeting=None, ended=None, files=(), notes=()))
    end = bare.point("end")
    assert end is not None
    assert [one.text for one in end.paragraphs] == [
        "Terminu następnego spotkania jeszcze nie ustalono.",
        "Na tym protokół zakończono.",
    ]
    assert said(drafted(facts), "next_meeting") == (
        "Następne spotkanie: Spotkanie strategiczne, poniedziałek, 15 czerwca 2026, 10:00–12:00, Klub Integracji Społecznej."
    )
    assert said(drafted(facts), "files") == "Załączniki:\n– harmonogram.xlsx\n– Mapa dojazdu.pdf"
    assert said(drafted(facts), "closing") == "Spotkanie zakończono o godz. 12:10. Na tym protokół zakończono."


def test_an_annex_says_what_it_corrects() -> None:
    """Which minutes, which point, and the words of whoever wrote it."""
    draft = annex(
        AnnexFacts("Sieć", "strategic", "3/2026", 2, date(2026, 3, 30), "Zamiast 5 powinno być 6.\nPomyłka.", "", "4. Dyżury"),
        POLISH,
    )
    assert (draft.title, draft.digest) == ("Aneks nr 2 do protokołu nr 3/2026", None)
    assert [(one.source, one.text) for one in draft.points[0].paragraphs] == [
        ("about", "Dotyczy punktu: 4. Dyżury."), ("annex", "Zamiast 5 powinno być 6.\nPomyłka."),
    ]  # fmt: skip


# --- each fact in its own paragraph -----------------------------------------------------------------------------------

#: Another value of a field that knows only some words.
_WORDS: Final[dict[str, tuple[Any, ...]]] = {
    "role": ("head", "delegate", "substitute"), "stance": STANCES, "method": ("consensus", "tacit", "open", "secret", "by_hand"),
    "verdict": VERDICTS, "outcome": ("", "done", "open", "carried"), "mode": MEETING_MODES, "chair": ("coordinator", "chair", "vice_chair"),
    "state": ("withdrawn", "undecided"), "kind": MEETING_KINDS, "problems": (("staff",), ("none",), ("transport", "housing")),
    "in_process": (3, "few", "withheld"), "joined": (3, "few", "withheld"), "finished": (4, "few", "withheld"),
    "votes": (None, (1, 2, 3)), "guests": ((), ("wójt Batorza",)), "spans": ((), ((time(10, 1), time(11)),)),
    "next_meeting": (None,), "report": (None,), "ended": (None, time(12, 20)), "left": (None, time(11, 59)), "done_on": (None, date(2026, 3, 2)),
    "carried_from": (None, date(2025, 12, 1)),
}  # fmt: skip
_RESULTS: Final = {
    Round: settle_round(DEFAULT_RULE, kind="meeting", entitled=9, asked=7, stances=Stances(1, 2, 1, 0)),
    Ballot: decide(TWO_THIRDS, Assembly(9, 7), Counts(2, 3, 1)),
}
#: What names a thing and is no fact about it.
_NAMES: Final = frozenset({"id", "membership", "key", "point"})
#: Facts of whose change no paragraph tells: the title page has them, or another paragraph says the same by its place.
_ELSEWHERE: Final = frozenset({"body", "number", "group", "kind", "sha256"})


@dataclass(frozen=True, slots=True)
class Leaf:
    """A single fact: the way to it, and whose paragraph it belongs to."""

    path: tuple[str | int, ...]
    owner: frozenset[str]
    holder: type


def leaves(value: Any, path: tuple[str | int, ...] = (), owner: frozenset[str] = frozenset()) -> Iterator[Leaf]:
    """Give every fact below a value."""
    for field in fields(value):
        here, inner = (*path, field.name), getattr(value, field.name)
        if field.name in _NAMES | _ELSEWHERE or (isinstance(value, Point) and field.name == "kind"):
            continue
        whose = _owner(value, field.name, owner)
        if is_dataclass(inner) and field.name != "result":
            yield from leaves(inner, here, _entity(inner) or whose)
        if field.name == "result" or (field.name in _WORDS and not isinstance(value, Attended)):
            yield Leaf(here, whose, type(value))
        elif not isinstance(inner, tuple):
            if inner is not None and not is_dataclass(inner):  # where there is no decision there is no fact about one
                yield Leaf(here, whose, type(value))
        else:
            for number, one in enumerate(inner):
                if is_dataclass(one):
                    yield from leaves(one, (*here, number), _entity(one, field.name) or whose)


def _entity(value: Any, field: str = "") -> frozenset[str]:
    """Give the paragraph that belongs to a thing."""
    match type(value).__name__:
        case "Attended":
            return frozenset({f"attendance:{value.membership}"})
        case "Absent":
            return frozenset({f"absent:{value.membership}"})
        case "Quorum" | "Report":
            return frozenset({type(value).__name__.lower()})
        case "Round" | "Ballot" | "Decision" | "Note" | "Proposal":
            return frozenset({f"{type(value).__name__.lower()}:{value.id}"})
        case "Task":
            return frozenset({f"{'reviewed' if field == 'reviewed' else 'task'}:{value.id}"})
        case "NextMeeting":
            return frozenset({"next_meeting"})
        case "File":
            return frozenset({"files"})
    return frozenset()


def _owner(holder: Any, field: str, owner: frozenset[str]) -> frozenset[str]:
    match holder, field:
        case MeetingFacts(), "day" | "ends":
            return frozenset({"when"})
        case MeetingFacts(), "starts":  # hours of presence are told from the beginning
            return frozenset({"when", *(f"attendance:{one.membership}" for one in holder.attended)})
        case MeetingFacts(), "ended":
            return frozenset({"closing"})
        case MeetingFacts(), name:
            return frozenset({name})
        case Point(), "title":
            return frozenset({holder.key})
        case Point(), name:
            return frozenset({f"{name}:{holder.key}"})
        case Proposal(), "state":
            return frozenset({f"fate:{holder.id}"})
    return owner


BASE: Final = replace(meeting(institutions=8, decisions=3), ended=time(12, 10))
LEAVES: Final = tuple(leaves(BASE))


def changed(value: Any, path: tuple[str | int, ...], other: Any) -> Any:
    """Give the facts with one of them otherwise."""
    step, *rest = path
    inner = value[step] if isinstance(step, int) else getattr(value, step)
    new = changed(inner, tuple(rest), other) if rest else other
    if isinstance(step, int):
        return (*value[:step], new, *value[step + 1 :])
    return replace(value, **{step: new})


def another(leaf: Leaf, text: str, number: int) -> Any:
    """Give another value for a fact."""
    name = leaf.path[-1]
    old: Any = BASE
    for step in leaf.path:
        old = old[step] if isinstance(step, int) else getattr(old, step)
    if name == "result":
        return _RESULTS[leaf.holder]
    if name in _WORDS:
        words = [word for word in _WORDS[str(name)] if word != old]
        return words[number % len(words)]
    match old:
        case bool():
            return not old
        case int():
            return old + 1 + number
        case datetime() | date():
            return old + timedelta(days=1 + number)
        case time():
            return time((old.hour + 1) % 24, number % 60)
        case str():
            return text if text != old else f"{old} inaczej"
    raise AssertionError(f"no other value for {leaf.path}")


@given(st.sampled_from(LEAVES), st.text(min_size=1, max_size=60).filter(str.strip), st.integers(0, 50))
def test_a_changed_fact_moves_only_its_own_paragraph(leaf: Leaf, text: str, number: int) -> None:
    """Whatever is corrected - an hour, a word, a number, a name - every other paragraph, row and heading stays as it was."""
    after = drafted(changed(BASE, leaf.path, another(leaf, text, number)))
    moved = {change.source for change in changes(drafted(BASE), after)}
    assert moved <= leaf.owner, (leaf.path, moved)


def test_a_changed_fact_is_seen() -> None:
    """Every fact that belongs to a paragraph does show in it, but those that stand there only when others are missing."""
    before = drafted(BASE)
    silent = {
        (leaf.holder.__name__, leaf.path[-1])
        for leaf in LEAVES
        if not changes(before, drafted(changed(BASE, leaf.path, another(leaf, "Zupełnie inaczej", 7))))
    }
    assert silent == {
        ("Proposal", "text"),  # the decision has it
        ("Point", "proposer"),  # its proposal has it
        ("Task", "decision"), ("Task", "done_on"), ("Task", "done_note"),  # of a new task none, of an earlier one not the decision
    }  # fmt: skip
    assert len(LEAVES) > 150


def test_the_facts_of_a_report_are_all_told() -> None:
    """No field of the report is forgotten when one is added."""
    assert {field.name for field in fields(Report)} == {
        leaf.path[1] for leaf in LEAVES if leaf.path[0] == "report" and len(leaf.path) == 2
    }
