"""Rules and results in sentences: the table's, word for word, and what the table does not reach."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from tests.domain.decisions.cases import CASES, Case

from konwent_bot.documents import decision_words as words
from konwent_bot.domain.decisions.consensus import RoundKind, Stances, settle_round
from konwent_bot.domain.decisions.rule import DEFAULT_RULE, DecisionRule
from konwent_bot.domain.decisions.tally import Assembly, Counts, decide
from konwent_bot.i18n import translator


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.of)
def test_a_result_is_said_as_written_by_hand(case: Case) -> None:
    """Numbers, quorum, majority with base and threshold, what was missing, verdict; in Polish always."""
    assert {language: words.result_sentence(case.result(), translator(language)) for language in case.sentences} == case.sentences


def test_a_third_of_the_table_is_in_all_languages() -> None:
    """Enough to see every sentence in each."""
    assert all("pl" in case.sentences for case in CASES)
    assert sum(set(case.sentences) == {"pl", "en", "uk"} for case in CASES) * 3 >= len(CASES)


@pytest.mark.parametrize(
    ("language", "rule", "said"),
    [
        ("pl", DEFAULT_RULE,
         "Kworum: co najmniej połowa uprawnionych instytucji. Zwykła większość: więcej głosów za niż przeciw; głosy wstrzymujące się "
         "nie są liczone. Gdy głosów za i przeciw jest tyle samo, wniosek nie przechodzi."),
        ("en", DEFAULT_RULE,
         "Quorum: at least half of the entitled institutions. Simple majority: more votes for than against; abstentions do not "
         "count. When there are as many votes for as against, the proposal is not adopted."),
        ("uk", DEFAULT_RULE,
         "Кворум: щонайменше половина установ із правом голосу. Проста більшість: голосів «за» більше, ніж «проти»; ті, хто утримався, "
         "не враховуються. Якщо голосів «за» і «проти» порівну, пропозицію не ухвалюють."),
        ("pl", DecisionRule(quorum=Fraction(0), majority="absolute", base="entitled", tie="chair"),
         "Kworum nie jest wymagane. Bezwzględna większość: głosów za musi być więcej niż połowa uprawnionych instytucji. Gdy głosów za "
         "i przeciw jest tyle samo, rozstrzyga głos osoby przewodniczącej."),
        ("pl", DecisionRule(quorum=Fraction(2, 3), quorum_base="present", majority=Fraction(2, 3), base="cast", strict=False),
         "Kworum: przy zamknięciu co najmniej 2/3 instytucji obecnych przy otwarciu. Wymagana większość: głosów za musi być co "
         "najmniej 2/3 oddanych głosów, razem z wstrzymującymi się."),
        ("uk", DecisionRule(quorum=Fraction(3, 5), majority=Fraction(55, 100), base="present"),
         "Кворум: щонайменше 3/5 установ із правом голосу. Необхідна більшість: голосів «за» має бути більше ніж 55 % присутніх установ."),
        ("pl", DecisionRule(quorum=Fraction(1), majority=Fraction(1, 2), base="for_and_against"),
         "Kworum: co najmniej 100% uprawnionych instytucji. Wymagana większość: głosów za musi być więcej niż połowa głosów za i "
         "przeciw. Gdy głosów za i przeciw jest tyle samo, wniosek nie przechodzi."),
    ],
)  # fmt: skip
def test_a_rule_is_said_in_full(language: str, rule: DecisionRule, said: str) -> None:
    """Quorum and its base, majority and its base, a tie where there can be one."""
    assert words.rule_sentence(rule, translator(language)) == said


@pytest.mark.parametrize(
    ("kind", "stances", "said"),
    [
        ("meeting", Stances(8, 1, 1, 0),
         "Zgoda 8, zgoda z zastrzeżeniem 1, bez poparcia i bez sprzeciwu 1, sprzeciw 0, bez głosu 4. Kworum: 14 z 14, wymagane 7. "
         "Nikt nie zgłasza sprzeciwu. Przyjęto przez konsensus."),
        ("meeting", Stances(13, 1, 0, 0),
         "Zgoda 13, zgoda z zastrzeżeniem 1, bez poparcia i bez sprzeciwu 0, sprzeciw 0, bez głosu 0. Kworum: 14 z 14, wymagane 7. "
         "Nikt nie zgłasza sprzeciwu, wszystkie instytucje się zgadzają. Przyjęto jednogłośnie, przez konsensus."),
        ("circulation", Stances(5, 0, 0, 0),
         "Zgoda 5, zgoda z zastrzeżeniem 0, bez poparcia i bez sprzeciwu 0, sprzeciw 0, bez głosu 9. Kworum: 5 z 14, wymagane 7. "
         "Do kworum zabrakło 2 instytucji. Sprawdzenie konsensusu jest nieważne."),
        ("tacit", Stances(5, 0, 0, 0),
         "Zgoda 5, zgoda z zastrzeżeniem 0, bez poparcia i bez sprzeciwu 0, sprzeciw 0, bez głosu 9. Kworum: 14 z 14, wymagane 7. "
         "Do terminu nikt nie zgłosił sprzeciwu, a milczenie oznacza zgodę. Przyjęto przez milczącą zgodę."),
        ("meeting", Stances(8, 0, 0, 1),
         "Zgoda 8, zgoda z zastrzeżeniem 0, bez poparcia i bez sprzeciwu 0, sprzeciw 1, bez głosu 5. Kworum: 14 z 14, wymagane 7. "
         "1 instytucja zgłasza sprzeciw: konsensusu nie ma."),
        ("meeting", Stances(8, 0, 0, 3),
         "Zgoda 8, zgoda z zastrzeżeniem 0, bez poparcia i bez sprzeciwu 0, sprzeciw 3, bez głosu 3. Kworum: 14 z 14, wymagane 7. "
         "3 instytucje zgłaszają sprzeciw: konsensusu nie ma."),
    ],
)  # fmt: skip
def test_a_round_is_said_with_its_numbers(kind: RoundKind, stances: Stances, said: str) -> None:
    """Stances, quorum, whether anybody objects, and that it was unanimous."""
    found = settle_round(DEFAULT_RULE, kind=kind, entitled=14, asked=14, stances=stances)
    assert words.round_sentence(found, translator("pl")) == said


def test_a_round_that_is_void_for_another_reason_misses_no_institution() -> None:
    """Silence was to be consent, but somebody was not told: the round is void, and no quorum is spoken of as missing."""
    found = settle_round(DEFAULT_RULE, kind="tacit", entitled=14, asked=14, stances=Stances(3, 0, 0, 0))
    assert words.round_sentence(replace(found, outcome="void"), translator("pl")) == (
        "Zgoda 3, zgoda z zastrzeżeniem 0, bez poparcia i bez sprzeciwu 0, sprzeciw 0, bez głosu 11. "
        "Kworum: 14 z 14, wymagane 7. Sprawdzenie konsensusu jest nieważne."
    )


@pytest.mark.parametrize("language", ["pl", "en", "uk"])
def test_every_kind_of_result_is_a_sentence_of_its_language(language: str) -> None:
    """No place is left open and nothing is left in English, whatever the rule."""
    t = translator(language)
    english = translator("en")
    for case in CASES:
        for base in ("cast", "for_and_against", "present", "entitled"):
            rule = replace(case.rule, base=base)
            found = decide(rule, case.assembly, case.counts, case.chair)
            for said, original in (
                (words.result_sentence(found, t), words.result_sentence(found, english)),
                (words.rule_sentence(rule, t), words.rule_sentence(rule, english)),
            ):
                assert "{" not in said
                assert language == "en" or not set(original.replace("(", "").split()) & set(said.split()) & {"for", "of", "votes"}


def test_large_numbers_are_written_as_people_write_them() -> None:
    """Ten thousand has its space."""
    found = decide(DEFAULT_RULE, Assembly(20_000, 12_000), Counts(11_000, 500, 0))
    assert words.result_sentence(found, translator("pl")).startswith("Za 11\xa0000, przeciw 500, wstrzymało się 0.")
