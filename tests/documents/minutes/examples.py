"""Meetings to draft minutes of: a network in Janów Lubelski and its neighbours, as large as a test asks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from fractions import Fraction
from typing import Final

from konwent_bot.documents.minutes.changes import changes
from konwent_bot.documents.minutes.content import Chain, Content, Kind, code, content, sha256
from konwent_bot.documents.minutes.draft import Draft
from konwent_bot.documents.minutes.drafting import annex, draft
from konwent_bot.documents.minutes.facts import (
    Absent,
    AnnexFacts,
    Attended,
    Ballot,
    Decision,
    File,
    MeetingFacts,
    NextMeeting,
    Note,
    Point,
    Proposal,
    Quorum,
    Report,
    Round,
    Span,
    Stance,
    Task,
)
from konwent_bot.documents.minutes.going_round import Acceptance, Remark
from konwent_bot.documents.minutes.sheet import Sheet, make
from konwent_bot.domain.decisions.consensus import Stances, settle_round
from konwent_bot.domain.decisions.rule import DEFAULT_RULE, DecisionRule
from konwent_bot.domain.decisions.tally import Assembly, Counts, decide
from konwent_bot.domain.meetings.words import MeetingKind
from konwent_bot.i18n import translator

BODY: Final = "Lokalna Sieć na rzecz Reintegracji w Janowie Lubelskim"
POLISH: Final = translator("pl")
NAMES: Final = (
    "Gminny Ośrodek Pomocy Społecznej w Modliborzycach", "Powiatowe Centrum Pomocy Rodzinie w Janowie Lubelskim",
    "Powiatowy Urząd Pracy w Janowie Lubelskim", "Klub Integracji Społecznej „Wspólna Droga”", "Urząd Gminy w Batorzu",
    "Szkoła Podstawowa nr 2 w Janowie Lubelskim", "Spółdzielnia Socjalna „Nadzieja”", "Parafia pw. św. Jana Chrzciciela",
    "Poradnia Zdrowia Psychicznego", "Ochotnicza Straż Pożarna w Chrzanowie",
)  # fmt: skip
TITLES: Final = (
    "Dyżur we wtorki",
    "Wspólny transport na warsztaty",
    "Karta współpracy w nowym układzie",
    "Opieka nad dziećmi w czasie zajęć",
)
TEXTS: Final = (
    "Od marca w każdy wtorek w godzinach 9:00–12:00 osoba z jednej instytucji dyżuruje w urzędzie gminy. Kolejność ustala klub.",
    "Instytucje, które mają busa, udostępniają go dwa razy w miesiącu. Koszt paliwa ponosi organizator warsztatów.",
    "Kartę wypełnia się do końca drugiego tygodnia po półroczu. Pytanie o transport jest obowiązkowe.",
    "Szkoła udostępnia świetlicę w dniach zajęć klubu. Opiekę zapewnia spółdzielnia.",
)
LINK: Final = "https://konwent.example.pl/sprawdz/"
TWO_THIRDS: Final = DecisionRule(majority=Fraction(2, 3), base="cast", strict=False)


def name(number: int) -> str:
    """Name an institution: the first ten by themselves, the others by a number."""
    return NAMES[number] if number < len(NAMES) else f"{NAMES[number % len(NAMES)]} (oddział {number // len(NAMES) + 1})"


def meeting(kind: MeetingKind = "strategic", institutions: int = 8, decisions: int = 2) -> MeetingFacts:
    """Give a meeting with everything: late ones, absent ones, a report, decisions by consensus and by ballot, tasks, notes, files."""
    absent = institutions // 4
    there = institutions - absent
    asked = [asked_for(number, institutions, there, decided=number <= decisions) for number in range(1, decisions + 1)]
    facts = MeetingFacts(
        body=BODY, kind=kind, mode="hybrid", number="3/2026", day=date(2026, 3, 30), starts=time(10), ends=time(12),
        attended=tuple(Attended(number, name(number), _spans(number)) for number in range(there)),
        absent=tuple(Absent(number, name(number), announced=number % 2 == 0) for number in range(there, institutions)),
        quorum=Quorum(there, institutions, -(-institutions // 2), ((time(9, 55), None),)),
        points=(
            Point("item:1", "opening_and_quorum"),
            Point("item:2", "adoption_of_agenda", outcome="done"),
            *((Point("item:3", "status_report"), Point("item:4", "card_conclusions", title="2025-H2")) if kind == "strategic" else ()),
            Point("open_tasks", "open_tasks"),
            Point("item:5", "carried", title="Udział pracodawców w sieci", carried_from=date(2026, 1, 12), outcome="carried"),
            *(
                Point(
                    f"item:{10 + number}", "own", title=one.title, proposer=one.proposer, outcome="done", proposals=(one,),
                    detail="Sprawa wraca z poprzedniego roku." if number % 3 == 0 else "",
                )
                for number, one in enumerate(asked)
            ),
            Point("item:90", "free_motions", outcome="done"),
            Point("item:91", "next_date"),
        ),
        place="Urząd Gminy w Modliborzycach, sala nr 7", topic="Dyżury i transport", ended=time(12, 10),
        guests=("burmistrz Modliborzyc", "Regionalny Ośrodek Polityki Społecznej w Lublinie"),
        report=Report(date(2026, 1, 1), date(2026, 3, 27), 14, "few", 3, ("transport", "waiting", "other"), "remont świetlicy", "Bus na warsztaty w kwietniu.") if kind == "strategic" else None,
        proposals=(Proposal(900, "Logo sieci", "Sieć przyjmuje logo z załącznika.", "", "withdrawn"),),
        tasks=(
            *(
                Task(number, f"Przygotować harmonogram: {one.title.lower()}", one.proposer or NAMES[3], date(2026, 4, 10 + number % 18), f"{number}/2026")
                for number, one in enumerate(asked, 1)
            ),
            Task(500, "Zaprosić pracodawców na następne spotkanie", NAMES[3], date(2026, 5, 4), point="item:5"),
        ),
        reviewed=(
            Task(300, "Spisać adresy poradni", NAMES[8], date(2026, 3, 1), "2/2026", done_on=date(2026, 2, 26), done_note="Lista jest na stronie."),
            Task(301, "Sprawdzić ubezpieczenie busa", NAMES[4], date(2026, 3, 20), "1/2026"),
        ),
        next_meeting=NextMeeting(kind, date(2026, 6, 15), time(10), time(12), "Klub Integracji Społecznej"),
        notes=(
            Note(1, "item:5", "Pracodawcy proszą o spotkanie w ich siedzibie.\nKlub ustali termin do końca kwietnia."),
            Note(2, "end", "Osobom, które przygotowały salę, podziękowano."),
        ),
        files=(File("harmonogram.xlsx", "ab" * 32), File("Mapa dojazdu.pdf", "cd" * 32)),
    )  # fmt: skip
    return replace(facts, group="Grupa do spraw transportu") if kind == "operational" else facts


def _spans(number: int) -> tuple[Span, ...]:
    """Let the third come late, the fourth leave early, the sixth come back by its substitute, all others stay."""
    match number % 8:
        case 2:
            return (Span(time(10, 25), None, "delegate"),)
        case 3:
            return (Span(time(9, 50), time(11, 40), "head"),)
        case 5:
            return (Span(time(10), time(10, 30), "head"), Span(time(11), None, "substitute"))
        case _:
            return (Span(time(9, 55), None, "head"),)


def asked_for(number: int, institutions: int, there: int, *, decided: bool = True) -> Proposal:
    """Give a proposal: every third one was objected to and voted on, the others were adopted by consensus."""
    title = TITLES[number % len(TITLES)] + ("" if number <= len(TITLES) else f" ({number})")
    text = TEXTS[number % len(TEXTS)]
    proposer = name(number % institutions) if number % 4 else ""
    objected = number % 3 == 2 and there > 1
    stances = Stances(there - 1, 0, 0, 1) if objected else Stances(there - 1, 1, 0, 0) if there > 1 else Stances(there, 0, 0, 0)
    asked = settle_round(DEFAULT_RULE, kind="meeting", entitled=institutions, asked=there, stances=stances)
    entry = Decision(number, f"{number}/2026", title, text, "consensus", "passed")
    if not objected:
        said = Stance(1, name(1), "reserve", "Prosimy o podanie terminów z miesięcznym wyprzedzeniem.")
        return Proposal(number, title, text, proposer, "adopted", (Round(number, 1, asked, (said,) if there > 1 else (), entry),))
    said = Stance(2, name(2), "object", "W naszym urzędzie brakuje ludzi.", "Dyżur co dwa tygodnie.")
    cast = Counts(there - 1, 1, 0)
    result = decide(TWO_THIRDS, Assembly(institutions, there), cast)
    entry = replace(entry, method="open", verdict=result.verdict, votes=(cast.in_favour, cast.against, cast.abstain))
    acts = (Round(number, 1, asked, (said,)), Ballot(number, "open", result, early=True, decision=entry))
    return Proposal(number, title, text, proposer, "adopted" if result.verdict == "passed" else "rejected", acts)


def drafted(facts: MeetingFacts) -> Draft:
    """Draft in Polish, as the house does."""
    return draft(facts, POLISH)


def version(facts: MeetingFacts, kind: Kind = "circulated") -> Content:
    """Give a first version, a final one, or an annex of a meeting."""
    until = date(2026, 4, 8)
    chain = Chain(1_204, "9f" * 32)
    on = date(2026, 4, 1)
    if kind == "annex":
        said = "W punkcie 4 zamiast „dwa razy w miesiącu” powinno być „raz w miesiącu”.\nPomyłka powstała przy przepisywaniu."
        corrected = AnnexFacts(facts.body, facts.kind, facts.number, 1, facts.day, said, facts.group, "4. Dyżur we wtorki")
        return content(annex(corrected, POLISH), POLISH, kind="annex", version=3, chain=chain, circulated_on=date(2026, 6, 2))
    names = tuple(one.institution for one in facts.attended)
    took = Acceptance(names[:-2], tuple(one.institution for one in facts.absent), names[-1:], until)
    return content(
        drafted(facts), POLISH, kind=kind, version=0 if kind == "draft" else 1, files=facts.files, chain=None if kind == "draft" else chain,
        circulated_on=None if kind == "draft" else on, answer_until=until if kind == "circulated" else None,
        acceptance=took if kind == "final" else None,
    )  # fmt: skip


def second(facts: MeetingFacts, later: MeetingFacts) -> Content:
    """Give the second version of minutes, after a remark was accepted."""
    first, now = drafted(facts), drafted(later)
    remark = Remark(
        facts.attended[0].institution, "4. Dyżur we wtorki", "Dyżur zaczyna się o 8:00, a nie o 9:00.", "Poprawiono godzinę."
    )
    return content(
        now, POLISH, kind="circulated", version=2, files=later.files, chain=Chain(1_290, "a7" * 32), circulated_on=date(2026, 4, 10),
        answer_until=date(2026, 4, 17), since=1, changes=changes(first, now), remarks=(remark,),
    )  # fmt: skip


def sheet(made: Content) -> Sheet:
    """Typeset a version with the code and the link of its house."""
    if made.kind == "draft":
        return make(made, POLISH)
    named = code(7, made.version, sha256(made))
    return make(made, POLISH, code=named, link=LINK + named)
