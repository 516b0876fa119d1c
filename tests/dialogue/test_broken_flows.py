"""Broken flow files, each with its exact sentence, question and line: what a person writing a flow meets."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from konwent_bot.dialogue.loading import FlowInvalid, examine, load

BASE = """\
schema = 1
id = "trial"
version = 1
language = "pl"
title = "Próba"
intro = "Wstęp dla {{ body }} do {{ closes_on | day }}."
thanks = "Dziękujemy."
submit = "trial.submit"
minutes = 3

[[facts]]
id = "body"
type = "text"

[[facts]]
id = "closes_on"
type = "date"

[[facts]]
id = "days"
type = "slots"

[[facts]]
id = "spare"
type = "yesno"

[[sections]]
id = "contact"
title = "Kontakty"

[[sections]]
id = "outcome"
title = "Efekty"

[[questions]]
id = "frequency"
section = "contact"
type = "single"
prompt = "Jak często?"
short = "Częstość"
why = "Bo tak."
who_sees = "Osoba koordynująca."
choices = [
  { id = "always", label = "Zawsze" },
  { id = "rarely", label = "Rzadko" },
]

[[questions]]
id = "reasons"
section = "contact"
type = "multi"
when = 'frequency == "rarely"'
prompt = "Dlaczego rzadko?"
short = "Przyczyny"
why = "Szukamy przyczyn."
who_sees = "Osoba koordynująca."
max = 2
choices = [{ id = "staff", label = "Braki kadrowe" }, { id = "law", label = "Przepisy" }]

[[questions]]
id = "quality"
section = "contact"
type = "scale"
prompt = "Oceń jakość."
short = "Jakość"
why = "Główny wynik."
who_sees = "Wszyscy."
low = 1
high = 5
low_label = "zła"
high_label = "dobra"
labels = ["1", "2", "3", "4", "5"]

[[questions]]
id = "comment"
section = "outcome"
type = "text"
when = "quality <= 2"
prompt = "Co poprawić?"
short = "Uwagi"
why = "Chcemy wiedzieć."
who_sees = "Osoba koordynująca."
max_chars = 300

[[questions]]
id = "actions"
section = "outcome"
type = "number"
prompt = "Ile działań?"
short = "Działania"
why = "Do sprawozdania."
who_sees = "Wszyscy."
min = 0
max = 50

[[questions]]
id = "dates"
section = "outcome"
type = "slots"
from = "days"
prompt = "Kiedy?"
short = "Terminy"
why = "Wybieramy termin."
who_sees = "Wszyscy."
"""


@dataclass(frozen=True)
class Broken:
    """One way to break the file: ``old`` is replaced by ``new``; the problem stands on the line that holds ``at``."""

    story: str
    old: str
    new: str
    said: str
    question: str | None
    at: str
    nth: int = 1
    warning: bool = False


def _when(condition: str) -> tuple[str, str]:
    return 'when = "quality <= 2"', f"when = '''{condition}'''"


def _cond(story: str, condition: str, said: str) -> Broken:
    old, new = _when(condition)
    return Broken(story, old, new, said, "comment", "when = '''")


CASES = [
    # --- the file -------------------------------------------------------------------------------------------------------
    Broken("a bracket left open", 'choices = [{ id = "staff"', 'choices = [[{ id = "staff"',
           "The file is not valid TOML here: check quotes, brackets and the = sign; no field may stand twice.", None, "[[questions]]", 3),
    Broken("a field given twice", "minutes = 3", "minutes = 3\nminutes = 4",
           "The file is not valid TOML here: check quotes, brackets and the = sign; no field may stand twice.", None, "minutes = 4"),
    Broken("a field of the flow left out", 'thanks = "Dziękujemy."\n', "", "The field “thanks” is missing.", None, "schema = 1"),
    Broken("a misspelt field of the flow", "minutes = 3", "minutes = 3\nversio = 2",
           "There is no field “versio”; did you mean “version”?", None, "versio = 2"),
    Broken("a format of the future", "schema = 1", "schema = 2", "This program reads flows with schema = 1, not 2.", None, "schema = 2"),
    Broken("a version in quotes", "version = 1", 'version = "1"', "“version” should be a whole number, not “1”.", None, "version ="),
    Broken("version zero", "version = 1", "version = 0", "“version” is 0; it must not be smaller than 1.", None, "version ="),
    Broken("a language the engine cannot take as the source", 'language = "pl"', 'language = "en"',
           "“language” is “en”; it may be: pl.", None, "language ="),
    Broken("an act that is not a name", 'submit = "trial.submit"', 'submit = "Send it!"',
           "“submit” should be the name of an act, such as card.submit, not “Send it!”.", None, "submit ="),
    Broken("a name with capital letters", 'id = "trial"', 'id = "Trial Flow"',
           "“Trial Flow” cannot be a name: use small letters a-z, digits, - and _, at most 40, a letter first.", None, 'id = "Trial'),
    Broken("an empty title", 'title = "Próba"', 'title = "  "', "The field “title” is empty.", None, 'title = "  "'),
    Broken("a title too long", 'title = "Próba"', f'title = "{"ą" * 121}"',
           "The field “title” has 121 characters; at most 120 are allowed.", None, 'title = "ą'),
    # --- facts and sections ---------------------------------------------------------------------------------------------
    Broken("a fact declared twice", 'id = "spare"\ntype = "yesno"', 'id = "body"\ntype = "text"',
           "The fact “body” is declared twice.", None, 'id = "body"', 2),
    Broken("a fact of an unknown type", 'id = "body"\ntype = "text"', 'id = "body"\ntype = "string"',
           "“type” is “string”; it may be: text, date, instant, number, yesno, choice, slots.", None, 'type = "string"'),
    Broken("a choice fact without choices", 'id = "spare"\ntype = "yesno"', 'id = "spare"\ntype = "choice"',
           "The fact “spare” of type choice needs its choices.", None, 'type = "choice"'),
    Broken("choices on another fact", 'id = "body"\ntype = "text"', 'id = "body"\ntype = "text"\nchoices = ["a"]',
           "Only a fact of type choice has choices.", None, 'choices = ["a"]'),
    Broken("a fact and a question of one name", 'id = "spare"', 'id = "quality"',
           "“quality” is the name of a fact and of a question; one of them needs another.", None, 'id = "quality"', 1),
    Broken("a section twice", 'title = "Efekty"', 'title = "Efekty"\n\n[[sections]]\nid = "contact"\ntitle = "Znów"',
           "The section “contact” stands twice.", None, 'id = "contact"', 2),
    Broken("a section nobody uses", "[[questions]]", '[[sections]]\nid = "empty"\ntitle = "Puste"\n\n[[questions]]',
           "The section “empty” has no questions.", None, 'id = "empty"', warning=True),
    # --- a question's fields --------------------------------------------------------------------------------------------
    Broken("no reason given for asking", 'why = "Główny wynik."\n', "", "The field “why” is missing.", "quality", "[[questions]]", 3),
    Broken("nobody told who sees the answer", 'who_sees = "Osoba koordynująca."\nmax_chars', "max_chars",
           "The field “who_sees” is missing.", "comment", "[[questions]]", 4),
    Broken("a misspelt field of a question", 'prompt = "Ile działań?"', 'promt = "Ile działań?"',
           "There is no field “promt”; did you mean “prompt”?", "actions", "promt ="),
    Broken("a field of another type of question", "max_chars = 300", "decimals = 2", "There is no field “decimals” here.", "comment", "decimals ="),
    Broken("a question without a type", 'type = "number"\n', "", "The field “type” is missing.", "actions", "[[questions]]", 5),
    Broken("a misspelt type", 'type = "number"', 'type = "nubmer"', "There is no question type “nubmer”; did you mean “number”?", "actions",
           'type = "nubmer"'),
    Broken("a type nobody knows", 'type = "number"', 'type = "photo"',
           "There is no question type “photo”; there are: single, multi, scale, number, text, date, moment, time, yesno, confirm, slots.",
           "actions", 'type = "photo"'),
    Broken("text where true or false is wanted", "max_chars = 300", 'max_chars = 300\nrequired = "no"',
           "“required” should be true or false, not “no”.", "comment", "required ="),
    Broken("a number where text is wanted", 'short = "Uwagi"', "short = 5", "“short” should be text in quotes, not “5”.", "comment", "short = 5"),
    Broken("a fraction where a whole number is wanted", "max_chars = 300", "max_chars = 300.5",
           "“max_chars” should be a whole number, not “300.5”.", "comment", "max_chars ="),
    Broken("a date in quotes", 'type = "number"\nprompt = "Ile działań?"\nshort = "Działania"\nwhy = "Do sprawozdania."\nwho_sees = "Wszyscy."\nmin = 0\nmax = 50',
           'type = "date"\nprompt = "Kiedy?"\nshort = "Działania"\nwhy = "Do sprawozdania."\nwho_sees = "Wszyscy."\nmin = "2026-01-13"',
           "“min” should be a date such as 2026-01-13, without quotes, not “2026-01-13”.", "actions", "min = "),
    Broken("a number in quotes", "max = 50", 'max = "50"', "“max” should be a number, not “50”.", "actions", 'max = "50"'),
    Broken("two questions of one name", 'id = "comment"', 'id = "reasons"', "The question “reasons” stands twice.", "reasons", 'id = "reasons"', 2),
    Broken("a section that does not exist", 'section = "outcome"\ntype = "text"', 'section = "outcomes"\ntype = "text"',
           "There is no section “outcomes”; did you mean “outcome”?", "comment", 'section = "outcomes"'),
    Broken("a section unlike any other", 'section = "outcome"\ntype = "text"', 'section = "zzz"\ntype = "text"',
           "There is no section “zzz”.", "comment", 'section = "zzz"'),
    Broken("a section cut in two", 'section = "outcome"\ntype = "slots"', 'section = "contact"\ntype = "slots"',
           "The questions of section “contact” must stand together.", "dates", 'section = "contact"', 4),
    # --- choices, bounds, labels ----------------------------------------------------------------------------------------
    Broken("a choice twice", '{ id = "law", label = "Przepisy" }]', '{ id = "law", label = "Przepisy" }, { id = "law", label = "Prawo" }]',
           "The choice “law” stands twice.", "reasons", "Prawo"),
    Broken("two choices that read the same", 'label = "Rzadko"', 'label = "zawsze"',
           "Two choices read “zawsze”: nobody could tell them apart.", "frequency", 'id = "rarely"'),
    Broken("a label too long for a button", 'label = "Rzadko"', f'label = "{"x" * 61}"',
           "The field “label” has 61 characters; at most 60 are allowed.", "frequency", 'id = "rarely"'),
    Broken("a misspelt field of a choice", '{ id = "rarely", label = "Rzadko" }', '{ id = "rarely", lable = "Rzadko", label = "Rzadko" }',
           "There is no field “lable”; did you mean “label”?", "frequency", "lable"),
    Broken("no choices at all", 'choices = [{ id = "staff", label = "Braki kadrowe" }, { id = "law", label = "Przepisy" }]', "choices = []",
           "“choices” is empty; at least one is needed.", "reasons", "choices = []"),
    Broken("every choice retired", 'choices = [{ id = "staff", label = "Braki kadrowe" }, { id = "law", label = "Przepisy" }]\n',
           'choices = [{ id = "staff", label = "Braki kadrowe", retired = true }]\n',
           "All choices are retired: nothing is left to choose.", "reasons", "retired"),
    Broken("more marks allowed than choices", "max = 2", "max = 3", "“max” is 3, but only 2 can be chosen.", "reasons", "max = 3"),
    Broken("more marks wanted than choices", "max = 2", "min = 3", "“min” is 3, but only 2 can be chosen.", "reasons", "min = 3"),
    Broken("marks from more to fewer", "max = 2", "min = 2\nmax = 1", "“min” must not be larger than “max”.", "reasons", "min = 2"),
    Broken("a scale upside down", "low = 1\n", "low = 5\n", "“low” must be smaller than “high”.", "quality", "low = 5"),
    Broken("a scale of too many points", "high = 5", "high = 20", "A scale may have at most 11 points; this one has 20.", "quality", "high = 20"),
    Broken("a label of the scale forgotten", '"4", "5"]', '"4"]', "The scale has 5 points and 4 labels.", "quality", "labels ="),
    Broken("a number from more to less", "min = 0\nmax = 50", "min = 51\nmax = 50", "“min” must not be larger than “max”.", "actions", "min = 51"),
    Broken("a bound finer than the answer", "max = 50", "max = 50.5", "“max” has more digits after the comma than the answer may have.",
           "actions", "max = 50.5"),
    Broken("a bound beyond all reason", "max = 50", "max = 1e300", "“max” is 1E+300; it must not be larger than 1000000000000.", "actions",
           "max = 1e300"),
    Broken("a slots question without its fact", 'from = "days"', 'from = "dayz"', "There is no fact “dayz”; did you mean “days”?", "dates", "from ="),
    Broken("days bounded by a fact that is no day", 'type = "number"\nprompt = "Ile działań?"\nshort = "Działania"\nwhy = "Do sprawozdania."\nwho_sees = "Wszyscy."\nmin = 0\nmax = 50',
           'type = "date"\nprompt = "Kiedy?"\nshort = "Działania"\nwhy = "Do sprawozdania."\nwho_sees = "Wszyscy."\nearliest = "body"',
           "The fact “body” is of type text; “earliest” needs one of type date.", "actions", "earliest ="),
    Broken("days bounded by a fact that is missing", 'type = "number"\nprompt = "Ile działań?"\nshort = "Działania"\nwhy = "Do sprawozdania."\nwho_sees = "Wszyscy."\nmin = 0\nmax = 50',
           'type = "moment"\nprompt = "Kiedy?"\nshort = "Działania"\nwhy = "Do sprawozdania."\nwho_sees = "Wszyscy."\nlatest = "closes_onn"',
           "There is no fact “closes_onn”; did you mean “closes_on”?", "actions", "latest ="),
    Broken("a slots question from text", 'from = "days"', 'from = "body"',
           "The fact “body” is of type text; a slots question needs one of type slots.", "dates", "from ="),
    # --- texts ----------------------------------------------------------------------------------------------------------
    Broken("a place nobody declared", "{{ body }}", "{{ boddy }}", "The text names “boddy”, which is not a declared fact; did you mean “body”?",
           None, "intro ="),
    Broken("an answer in a text", 'prompt = "Co poprawić?"', 'prompt = "Ocena {{ xyz }}: co poprawić?"',
           "The text names “xyz”, which is not a declared fact.", "comment", "{{ xyz }}"),
    Broken("a place left open", 'prompt = "Co poprawić?"', 'prompt = "Co {{ body poprawić?"',
           "The text has a place that cannot be read: check {{ }} {% %}.", "comment", "Co {{ body"),
    Broken("a filter nobody knows", "closes_on | day", "closes_on | upper", "There is no filter “upper”; there are: day, time, number.", None, "intro ="),
    Broken("a filter that does not fit", "{{ body }}", "{{ body | day }}", "The filter “day” does not fit “body” of type text.", None, "intro ="),
    Broken("slots written into a text", "{{ body }}", "{{ days }}", "“days” cannot be written into a text; it may only stand in a condition.",
           None, "intro ="),
    Broken("a loop", "{{ body }}", "{% for x in range(1000000000) %}x{% endfor %}",
           "A text may only hold {{ name }}, {{ name | day }} and simple {% if %}.", None, "intro ="),
    Broken("arithmetic", "{{ body }}", "{{ 7*7 }}", "A text may only hold {{ name }}, {{ name | day }} and simple {% if %}.", None, "intro ="),
    Broken("a look inside", "{{ body }}", "{{ body.__class__.__mro__ }}",
           "A text may only hold {{ name }}, {{ name | day }} and simple {% if %}.", None, "intro ="),
    Broken("a call", "{{ body }}", "{{ body.upper() }}", "A text may only hold {{ name }}, {{ name | day }} and simple {% if %}.", None, "intro ="),
    Broken("a filter with arguments", "{{ body }}", "{{ body | center(1000000000) }}",
           "A text may only hold {{ name }}, {{ name | day }} and simple {% if %}.", None, "intro ="),
    Broken("another file drawn in", "{{ body }}", "{% include '/etc/passwd' %}",
           "A text may only hold {{ name }}, {{ name | day }} and simple {% if %}.", None, "intro ="),
    Broken("a place in a label", 'low_label = "zła"', 'low_label = "{{ body }}"',
           "The field “low_label” is written as it is; it cannot hold {{ }}.", "quality", "low_label ="),
    Broken("too many places", "{{ body }}", "{{ body }}" * 13, "The text has 14 places; at most 12 are allowed.", None, "intro ="),
    # --- conditions -----------------------------------------------------------------------------------------------------
    _cond("a misspelt question", "qualty <= 2", "There is no question “qualty”; did you mean “quality”?"),
    _cond("a question unlike any other", "xyzzy <= 2", "There is no question “xyzzy”."),
    _cond("a later question", "actions > 3", "The condition names “actions”, which is not asked before this question."),
    _cond("the question itself", "comment == 'x'", "The condition names “comment”, which is not asked before this question."),
    _cond("a misspelt choice", 'frequency == "rarley"', "“frequency” has no choice “rarley”; did you mean “rarely”?"),
    _cond("a choice unlike any other", 'frequency == "x"', "“frequency” has no choice “x”; it has: always, rarely."),
    _cond("a number compared with text", 'quality == "good"', "“quality” is compared with “good”, which is another kind of value."),
    _cond("a choice compared with a number", "frequency == 3", "“frequency” is compared with “3”, which is another kind of value."),
    _cond("a choice put in order", 'frequency > "always"', "“frequency” has no order: it can be equal or not, not smaller or larger."),
    _cond("several answers compared as one", 'reasons == "law"', "“reasons” may have several answers: write \"staff\" in reasons."),
    _cond("one answer asked for membership", '"always" in frequency', "“frequency” has one answer: write frequency in [\"…\"] or frequency == …"),
    _cond("a value beyond the scale", "quality > 5", "The comparison quality > 5 can never hold: the answer is from 1 to 5."),
    _cond("text that steers", 'body == "KIS"', "“body” cannot steer the conversation: it is free text or known only later."),
    _cond("a bare name that is no yes/no", "quality", "“quality” is not a yes/no question: write what its answer is compared with."),
    _cond("two answers compared", "quality <= frequency",
          "“quality” is compared with “frequency”: compare an answer with a value, and put text in quotes."),
    _cond("quotes forgotten", "frequency in [always]", "“always” stands where a value should: put text in quotes."),
    _cond("a list of nothing", "frequency in []", "The list after “frequency in” is empty."),
    _cond("something left over", "quality <= 2 quality", "The condition ends with something left over: “quality”."),
    _cond("a quote left open", 'frequency == "rarely', "The condition cannot be read: check quotes, brackets and the words and, or, not, in."),
    _cond("arithmetic in a condition", "9**9**9 > 1", "A condition may only compare answers with values and join comparisons by and, or, not."),
    _cond("a call in a condition", "open('x') == 1", "A condition may only compare answers with values and join comparisons by and, or, not."),
    _cond("a look inside an answer", "''.__class__ == 1",
          "A condition may only compare answers with values and join comparisons by and, or, not."),
    _cond("a text blown up", "'x' * 100000000 == quality",
          "A condition may only compare answers with values and join comparisons by and, or, not."),
    _cond("a name with a hyphen", "quality-why == 1", "A condition cannot name “quality-why”: use _ instead of - in names."),
    _cond("a condition too long", "quality <= 2 or " * 40 + "quality <= 2", "The field “when” has 652 characters; at most 500 are allowed."),
    _cond("too many brackets", "(" * 240 + "quality <= 2" + ")" * 240, "The condition has too many brackets inside one another."),
    _cond("too many nots", "not " * 100 + "quality <= 2", "The condition has too many brackets inside one another."),
    Broken("not over a question that may be unanswered", 'when = "quality <= 2"', "when = 'not (\"law\" in reasons)'",
           "“reasons” stands after “not” and may have no answer; then the question is asked.", "comment", "when = 'not", warning=True),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.story)
def test_a_broken_flow_is_refused_with_its_sentence_and_place(case: Broken) -> None:
    """Each kind of mistake: one problem, its exact sentence, the question and the line."""
    assert BASE.count(case.old) >= 1
    text = BASE.replace(case.old, case.new, 1)
    flow, problems = examine(text.encode(), "trial.toml")
    lines = [number for number, line in enumerate(text.splitlines(), start=1) if case.at in line]
    assert [(one.file, one.question, one.line, _said(one.problem), one.warning) for one in problems] == [
        ("trial.toml", case.question, lines[case.nth - 1], case.said, case.warning)
    ]
    assert (flow is not None) == case.warning


def _said(one: object) -> str:
    """Say a problem in English the way a translator does: lists joined by commas."""
    from konwent_bot.dialogue.problem import Problem
    from tests.dialogue.voices import VOICE

    assert isinstance(one, Problem)
    return VOICE(one.msgid, **one.facts)


def test_the_unbroken_flow_is_read() -> None:
    """The file the others are made from has nothing to mend."""
    assert examine(BASE.encode(), "trial.toml")[1] == ()


def test_every_problem_of_a_file_is_told_at_once() -> None:
    """A person mends a file in one go: a broken question does not hide the others, nor what hangs on it."""
    text = (
        BASE.replace('why = "Główny wynik."\n', "")
        .replace("max = 50", "max = -1")
        .replace('section = "outcome"\ntype = "slots"', 'section = "otcome"\ntype = "slots"')
    )
    _, problems = examine(text.encode(), "trial.toml")
    assert [(one.question, _said(one.problem)) for one in problems] == [
        ("quality", "The field “why” is missing."),
        ("actions", "“min” must not be larger than “max”."),
        ("dates", "There is no section “otcome”; did you mean “outcome”?"),
    ]


def test_a_question_with_too_much_on_one_screen_is_refused() -> None:
    """A prompt and a hundred long labels would not fit one Telegram message."""
    choices = ", ".join(f'{{ id = "c{n}", label = "{n} {"x" * 50}" }}' for n in range(80))
    text = BASE.replace(
        'choices = [{ id = "staff", label = "Braki kadrowe" }, { id = "law", label = "Przepisy" }]', f"choices = [{choices}]"
    )
    _, problems = examine(text.encode(), "trial.toml")
    assert [(one.question, one.line) for one in problems] == [("reasons", 53)]
    assert _said(problems[0].problem).startswith("The question with its answers has 4")
    assert _said(problems[0].problem).endswith("characters; at most 3500 fit on one screen.")


def test_loading_a_broken_flow_raises_with_all_its_problems() -> None:
    """``load`` is for those who need the flow: its error carries every problem and says the first."""
    with pytest.raises(FlowInvalid) as refused:
        load(BASE.replace("max = 50", "max = -1").encode(), "trial.toml")
    assert len(refused.value.problems) == 1
    assert str(refused.value) == "The flow file trial.toml cannot be used (line 93): “min” must not be larger than “max”."


def test_there_are_enough_kinds_of_broken_files() -> None:
    """The house promises at least 25 kinds; each sentence here is met at least once, most by one case only."""
    assert len({case.said for case in CASES}) >= 60
