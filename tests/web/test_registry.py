"""A new screen, form or flow has its page at once: nothing in the web room knows any of them by name."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast, get_args

import pytest
from sqlalchemy import select
from tests.screens.personas import ANNA, Stage, stage
from tests.screens.test_refusals import ARGUMENTS
from tests.web.asked import Browse, asked
from tests.web.browsing import Page

from konwent_bot.dialogue.state import State
from konwent_bot.errors import N_, Invalid
from konwent_bot.i18n import Translator
from konwent_bot.office.dialogues import Touch
from konwent_bot.office.door import Door
from konwent_bot.office.people import Known
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import intents, reception
from konwent_bot.screens.screen import Action, Document, Field, Form, Row, Screen, Section
from konwent_bot.screens.visiting import Reply, Visited, Visitor, go_home
from konwent_bot.store.tables import DIALOGUE
from konwent_bot.web import layout


@dataclass(frozen=True, slots=True)
class SeeTea:
    """See a cup of tea."""

    cup: int


@dataclass(frozen=True, slots=True)
class PourTea:
    """Pour it."""

    cup: int


@dataclass(frozen=True, slots=True)
class PrintTea:
    """Take its recipe along."""


def see(cup: int) -> intents.Intent:
    """Give an intent the union of intents does not know."""
    return cast(intents.Intent, SeeTea(cup))


def pour_it(cup: int) -> intents.Intent:
    """Give the one of the form."""
    return cast(intents.Intent, PourTea(cup))


POURED: dict[int, tuple[str, bytes | None]] = {}


def _tea(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: SeeTea, t: Translator) -> Visited:
    if person is None:
        return go_home(uow, visitor, None, t), t
    return Reply(_cup(intent.cup), at=see(intent.cup)), t


def _cup(cup: int, sugar: str = "", wrong: str = "", notice: str = "") -> Screen:
    return Screen(
        f"Herbata {cup}", notice=notice, problem=wrong, context=("Sekretariat",), paragraphs=("Z cytryną <albo> bez.",), facts=(("Smak", "lipa"),),
        items=("woda", "liście"), numbered=True, sections=(Section("Історія", ("Чай.",), "uk"),), notes=("Gorąca.",), trail=(Action("Kuchnia", see(0)),),
        rows=(Row("Filiżanka", "biała", Action("Nalej", pour_it(cup))), Row("Łyżka")),
        form=Form(
            pour_it(cup), (Field("sugar", "Ile cukru?", value=sugar, problem=wrong, hint="Liczba łyżek"), Field("leaf", "Liść", kind="file", required=False),
                           Field("seal", "", kind="hidden", value="x1")), "Zalej wodą", see(cup),
        ),
        actions=((Action("Wydrukuj przepis", cast(intents.Intent, PrintTea())), Action("Dalej", see(cup + 1), weight="main")), (Action("W czacie", see(9), only="chat"),)),
    )  # fmt: skip


def _pour(uow: UnitOfWork, visitor: Visitor, _p: Known | None, intent: PourTea, t: Translator) -> Visited:
    sugar = visitor.given.fields.get("sugar", "")
    if not sugar.isdigit():
        wrong = Invalid(N_("Please choose from the answers shown."))
        return Reply(_cup(intent.cup, sugar, "To nie jest liczba łyżek."), refusal=wrong), t
    assert visitor.given.fields["seal"] == "x1"
    POURED[intent.cup] = (sugar, visitor.given.file)
    return Reply(_cup(intent.cup, notice="Nalane. Zażółć gęślą jaźń & <b>smacznego</b>"), at=see(intent.cup)), t


def _print(_u: UnitOfWork, _v: Visitor, _p: Known | None, _i: PrintTea, t: Translator) -> Visited:
    return Reply(_cup(1), document=Document('Przepis "żółty"\r\nX: y.txt', "text/plain", b"woda")), t


@pytest.fixture
def tea(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add three intents, as a new room of the house would."""
    codes, names, visits = cast(Any, intents._CODES), cast(Any, intents._NAMES), cast(Any, reception.VISITS)
    for code, kind, visit in (("qt", SeeTea, _tea), ("qp", PourTea, _pour), ("qr", PrintTea, _print)):
        monkeypatch.setitem(codes, code, kind)
        monkeypatch.setitem(names, kind, code)
        monkeypatch.setitem(visits, kind, visit)
    for module in (intents, layout):
        if hasattr(module, "LOOKS"):
            monkeypatch.setattr(module, "LOOKS", intents.LOOKS | {SeeTea})
    POURED.clear()


@pytest.mark.usefixtures("tea")
async def test_a_new_screen_has_its_page(door: Door, browse: Browse) -> None:
    """A screen with everything a screen may hold, its form with a file, its refusal, its sentence after, its file to take along."""
    made = await stage(door)
    anna = browse(made.cookies[ANNA])
    page = await anna.get("/s/qt:7")
    assert page.status == 200
    assert page.title == "Herbata 7"
    for said in (
        "Sekretariat",
        "Z cytryną &lt;albo&gt; bez.",
        "Smak",
        "lipa",
        "liście",
        "Gorąca.",
        "Filiżanka",
        "biała",
        "Ile cukru?",
        "Liczba łyżek",
    ):
        assert said in page.text
    assert "W czacie" not in page.text
    assert re.search(r'<section lang="uk">\s*<h2>Історія</h2>\s*<p>Чай.</p>', page.text), "a part in another language says so"
    links = {href for _, href in page.read.links}
    assert {"/s/qt:0", "/s/qt:8"} <= links
    form = page.press("Zalej wodą")
    assert (form.action, form.enctype) == ("/s/qp:7", "multipart/form-data")

    async def pour(source: Page, sugar: str, leaf: bytes) -> Page:
        fields = dict(source.press("Zalej wodą").fields) | {"sugar": sugar}
        parts = "".join(
            f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
        )
        body = (
            parts.encode()
            + b'--x\r\nContent-Disposition: form-data; name="leaf"; filename="l.bin"\r\n\r\n'
            + leaf
            + b"\r\n--x--\r\n"
        )
        return await anna.ask("POST", "/s/qp:7", data=body, headers={"Content-Type": "multipart/form-data; boundary=x"})

    refused = await pour(page, "dużo", b"")
    assert refused.status == 422
    assert "To nie jest liczba łyżek." in refused.text
    assert 'value="dużo"' in refused.text
    assert POURED == {}
    taken = await pour(refused, "2", b"\r\n\x00\xff--x")
    assert (taken.status, taken.location) == (303, "/s/qt:7")
    assert POURED == {7: ("2", b"\r\n\x00\xff--x")}
    shown = await anna.follow(taken)
    assert "Nalane. Zażółć gęślą jaźń &amp; &lt;b&gt;smacznego&lt;/b&gt;" in shown.text
    file = await anna.send(shown.press("Wydrukuj przepis"))
    assert (file.status, file.body) == (200, b"woda")
    assert file.headers["Content-Disposition"] == (
        "attachment; filename=\"Przepis ____ty___X_ y.txt\"; filename*=UTF-8''Przepis%20%22%C5%BC%C3%B3%C5%82ty%22%0D%0AX%3A%20y.txt"
    )
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    back = await anna.get("/s/qp:7")
    assert (back.status, back.location) == (303, "/"), "what is carried out is not to be looked at"
    stranger = await browse("").get("/s/qt:7")
    assert (stranger.status, stranger.location) == (303, "/s/e")


#: Question -> its own lines, what a page sends, how the answer is stored.
ASKED: dict[str, tuple[str, dict[str, str | list[str]], object]] = {
    "color": ('type = "single"\nchoices = [{ id = "red", label = "Czerwony" }, { id = "blue", label = "Niebieski" }]', {"choice": "blue"}, "blue"),
    "fruits": (
        'type = "multi"\nmin = 1\nmax = 2\nchoices = [{ id = "a", label = "Jabłko" }, { id = "b", label = "Gruszka" }, { id = "no", label = "Nic", exclusive = true }]',
        {"choice": ["a", "b"]}, ("a", "b"),
    ),
    "grade": ('type = "scale"\nlow = 1\nhigh = 4\nlow_label = "źle"\nhigh_label = "dobrze"\nallow_unknown = true', {"choice": "unknown"}, "unknown"),
    "count": ('type = "number"\nmin = 0\nmax = 100\ndecimals = 1', {"text": " 3,5 "}, "3.5"),
    "words": ('type = "text"\nmultiline = true\nmax_chars = 300', {"text": "Pierwszy\r\nDrugi & <trzeci>"}, "Pierwszy\nDrugi & <trzeci>"),
    "day": ('type = "date"\nmin = 2026-01-01\nmax = 2027-12-31', {"day": "3", "month": "1", "year": "2027", "text": ""}, "2027-01-03"),
    "typed_day": ('type = "date"\nrequired = true', {"text": "13.01.2027"}, "2027-01-13"),
    "moment": ('type = "moment"', {"day": "12", "month": "1", "year": "2027", "hour": "10", "minute": "00"}, "2027-01-12T10:00"),
    "typed_moment": ('type = "moment"', {"text": "12 stycznia 2027 o wpół do jedenastej"}, "2027-01-12T10:30"),
    "hour": ('type = "time"', {"hour": "9", "minute": "05"}, "09:05"),
    "ready": ('type = "yesno"', {"choice": "no"}, False),
    "sure": ('type = "confirm"\nlabel = "Potwierdzam"', {"choice": "yes"}, True),
}  # fmt: skip


async def test_a_new_flow_has_its_pages(door: Door, browse: Browse, tmp_path: Path) -> None:
    """A flow with a question of each kind is filled in by its forms alone, a wrong answer to each is refused in place, up to the review."""
    anna, page = await asked(door, browse, tmp_path, {name: lines for name, (lines, _, _) in ASKED.items()})
    for name, (_, sent, _) in ASKED.items():
        assert f"Pytanie {name}?" in page.text
        form = page.form("/s/f:")
        k = dict(form.fields)["k"]
        refused = await anna.post(form.action, [("k", k), ("choice", "nonsense"), ("text", " ")])
        assert refused.status == 422, name
        assert f"Pytanie {name}?" in refused.text
        fields = [(key, one) for key, value in sent.items() for one in ([value] if isinstance(value, str) else value)]
        names = {key for key, _ in form.fields} | {"choice"}
        assert {key for key, _ in fields} <= names, "the page has these fields"
        answered = await anna.post(refused.form("/s/f:").action, [("k", k), *fields])
        if 'type = "date"' in ASKED[name][0] or 'type = "moment"' in ASKED[name][0]:  # read back in full, and nothing counts yet
            assert answered.status == 200
            assert "2027" in answered.text
            assert "zgadza się?" in answered.text
            answered = await anna.post(answered.press("Tak, zgadza się").action, [("k", k)])
        assert answered.status == 303, (name, answered.text)
        page = await anna.follow(answered)
    for name in ASKED:
        assert f"Krótko {name}" in page.text, "the review"
    state: Any = await door.look(lambda uow: uow.execute(select(DIALOGUE.c.state)).scalar_one())
    assert State.from_json(state).answers == {name: stored for name, (_, _, stored) in ASKED.items()}


def _sample(kind: type[Any], made: Stage) -> intents.Intent:
    if kind in ARGUMENTS:
        return ARGUMENTS[kind]
    values: dict[str, Any] = {}
    for one in dataclasses.fields(kind):
        values[one.name] = {"token": "A" * 24, "language": "pl", "place": "h", "verb": "back", "argument": ""}.get(one.name, 1)
    found: intents.Intent = kind(**values)
    return found


async def test_every_intent_can_be_asked_for_and_sent(door: Door, browse: Browse) -> None:
    """Each kind of intent of the registry, by GET and by POST, from a member and from a stranger: an answer of ours, with a way on."""
    made = await stage(door)
    kinds = set(get_args(intents.Intent))
    assert kinds == set(intents._CODES.values()) | {Touch} == set(reception.VISITS)
    for cookie in (made.cookies[ANNA], ""):
        for kind in sorted(kinds - {intents.Leave, intents.Erase, intents.SignOut}, key=lambda one: one.__name__):
            browser = browse(cookie)
            intent = _sample(kind, made)
            path = f"/s/{intents.encode(intent)}"
            token = (await browser.get("/s/e" if not cookie else "/s/s")).token
            looked, sent = await browser.get(path), await browser.post(path, {"k": token})
            assert looked.status in ((200, 303, 404, 409) if kind in intents.LOOKS else (303,)), kind
            assert sent.status in (200, 303, 400, 401, 404, 409, 422), (kind, sent.status)
            for page in (looked, sent):
                if page.status != 303 and page.headers["Content-Type"].startswith("text/html"):
                    assert page.title, kind
                    assert "/s/p" in {href for _, href in page.read.links}, kind
