"""What comes with a form is bounded, held to the form that was shown, and bound to the browser it was shown to."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import hmac
import io
import threading
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import quote_plus

import pytest
from aiohttp import FormData
from tests.conversations.house import dump, spoken_of
from tests.screens.personas import ANNA, BOGDAN, GOPS, IDA, KINGA, Stage, draft_state, stage, write_conclusion
from tests.web.asking import path, valid
from tests.web.browsing import Browser, Page
from yarl import URL

from konwent_bot import i18n
from konwent_bot.documents import tables
from konwent_bot.office.dialogues import Fill, Touch
from konwent_bot.office.door import Door
from konwent_bot.screens import desk_import, intents
from konwent_bot.screens.intents import AskLink
from konwent_bot.web import forms
from konwent_bot.web.frames import PLAIN

URLENCODED = {"Content-Type": "application/x-www-form-urlencoded"}
Browse = Callable[[str], Browser]
#: Tries are counted whatever comes of them.
COUNTS = frozenset({"throttle", "seen_update"})


async def asked(browser: Browser, made: Stage, who: int = ANNA) -> Page:
    """Open the question a person's conversation is at."""
    page = await browser.get(path(intents.Resume(made.drafts[who][0])))
    assert page.status == 200
    return page


async def at_text(door: Door, made: Stage) -> None:
    """Bring Anna's conversation to its one free text, from the review."""
    await write_conclusion(door, made)


async def test_a_form_needs_the_token_of_its_own_browser(door: Door, browse: Browse) -> None:
    """Without a token, with another browser's, with a made-up one and twice the right one nothing is done, and the person is told."""
    made = await stage(door)
    anna, ida = browse(made.cookies[ANNA]), browse(made.cookies[IDA])
    page = await asked(anna, made)
    action, right = page.form("/s/f:").action, page.token
    theirs = (await asked(ida, made, IDA)).token
    assert right == hmac.new(anna.cookie.encode(), b"konwent form", hashlib.sha256).hexdigest()
    before = await dump(door.store)
    wrong: list[list[tuple[str, str]]] = [
        [], [("k", "")], [("k", theirs)], [("k", right[:-1])], [("k", right + "0")], [("k", right.upper())], [("k", "\u0142" * 64)],
        [("k", right), ("k", right)], [("K", right)],
    ]  # fmt: skip
    for tokens in wrong:
        refused = await anna.post(action, [*tokens, ("choice", "4")])
        assert refused.status == 403, tokens
        assert refused.title == i18n.translator("pl")(PLAIN[403][0])
        assert not refused.set_cookies
    without = await anna.ask("POST", action, data=f"k={right}&choice=4".encode(), headers={**URLENCODED, "Cookie": "x=1"})
    assert without.status == 403, "the token without its cookie"
    assert (await anna.post(action, {"k": right, "choice": "4"}, Cookie=f"__Host-konwent={made.cookies[IDA]}")).status == 403
    assert await dump(door.store) == before
    assert (await anna.post(action, {"k": right, "choice": "4"})).status == 303
    assert await dump(door.store) != before


async def test_a_refused_token_gives_back_what_was_typed(door: Door, browse: Browse) -> None:
    """Somebody whose form had grown too old finds their text on the page that says so, escaped and to be copied."""
    made = await stage(door)
    anna = browse(made.cookies[ANNA])
    page = await anna.post(path(Fill(*made.drafts[ANNA])), {"k": "old", "text": "Długi <b>namysł</b>\r\nw dwóch wierszach"})
    assert page.status == 403
    assert "Długi &lt;b&gt;namysł&lt;/b&gt;\nw dwóch wierszach</textarea>" in page.text


@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
async def test_a_form_sent_from_another_site_does_nothing(door: Door, browse: Browse, site: str) -> None:
    """Where the browser says that a form comes from elsewhere, even a right token does not help."""
    made = await stage(door)
    anna = browse(made.cookies[ANNA])
    page = await asked(anna, made)
    form = page.form("/s/f:")
    before = await dump(door.store)
    refused = await anna.post(form.action, [("k", page.token), ("choice", "4")], **{"Sec-Fetch-Site": site})
    assert refused.status == 403
    assert await dump(door.store) == before
    sent = await anna.post(form.action, [("k", page.token), ("choice", "4")], **{"Sec-Fetch-Site": "same-origin"})
    assert sent.status == 303


async def test_another_method_is_not_smuggled_in(door: Door, browse: Browse) -> None:
    """A GET that says it is a POST looks only; other methods are refused; a field that names a method is an unknown field."""
    made = await stage(door)
    anna = browse(made.cookies[ANNA])
    page = await asked(anna, made)
    action = page.form("/s/f:").action
    before = await dump(door.store)
    overridden = await anna.ask(
        "GET", f"{action}?k={page.token}&choice=4&_method=POST", headers={"X-HTTP-Method-Override": "POST"}
    )
    assert (overridden.status, overridden.location) == (303, path(intents.Resume(made.drafts[ANNA][0])))
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"):
        assert (await anna.ask(method, action, data=f"k={page.token}&choice=4".encode(), headers=URLENCODED)).status == 405
    assert (await anna.post(action, {"k": page.token, "choice": "4", "_method": "DELETE"})).status == 400
    assert await dump(door.store) == before


@pytest.mark.parametrize(
    "body",
    [
        b"choice=4&unknown=1", b"choice=4&k2=x", b"text=a&text=b", b"day=1&day=2", b"choice=%ff%fe", b"%ff=1", b"choice=4&text=%00",
        b"choice=" + "ż".encode("iso-8859-2"), b"&".join([b"choice=4"] * 60), b"text=\xc3\x28", b"Choice=4", b"choice%00=4",
    ],
)  # fmt: skip
async def test_what_is_not_the_form_that_was_shown_is_not_read(door: Door, browse: Browse, body: bytes) -> None:
    """Unknown fields, single fields sent twice, bytes that are no UTF-8 and too many fields: a sentence, and nothing done."""
    made = await stage(door)
    anna = browse(made.cookies[ANNA])
    page = await asked(anna, made)
    before = await dump(door.store)
    refused = await anna.ask(
        "POST", page.form("/s/f:").action, data=b"k=" + page.token.encode() + b"&" + body, headers=URLENCODED
    )
    assert refused.status == 400
    assert refused.title
    assert "Traceback" not in refused.text
    assert await dump(door.store) == before


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "text/plain",
        "application/json",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "x",
        "multipart/mixed; boundary=x",
    ],
)
async def test_another_kind_of_body_is_not_read(door: Door, browse: Browse, kind: str) -> None:
    """JSON, plain text, and multipart without its parts are no forms."""
    made = await stage(door)
    anna = browse(made.cookies[ANNA])
    page = await asked(anna, made)
    before = await dump(door.store)
    body = f"k={page.token}&choice=4".encode()
    assert (await anna.ask("POST", page.form("/s/f:").action, data=body, headers={"Content-Type": kind})).status in (400, 403)
    assert await dump(door.store) == before


async def test_a_form_may_come_as_multipart(door: Door, browse: Browse) -> None:
    """Both ways a browser may write a form are read alike."""
    made = await stage(door)
    anna = browse(made.cookies[ANNA])
    page = await asked(anna, made)
    body = f'--x\r\nContent-Disposition: form-data; name="k"\r\n\r\n{page.token}\r\n--x\r\ncontent-disposition: form-data; name="choice"\r\n\r\n4\r\n--x--\r\n'
    sent = await anna.ask(
        "POST", page.form("/s/f:").action, data=body.encode(), headers={"Content-Type": 'multipart/form-data; boundary="x"'}
    )
    assert sent.status == 303
    for broken in (
        body.replace("--x--", "--x"), body.replace("--x\r\n", "", 1), body.replace('name="choice"', ""), body.replace("\r\n\r\n4", "\r\n4"),
        body.replace("\r\n--x\r\ncontent", "\r\n--x\r\nX: y\r\nContent-Disposition: form-data; name=\"text\"\r\ncontent"), body + "more",
        body.replace('name="choice"', 'name="choice"; filename="a.csv"'), body.replace("4", "\udcff").encode("utf-8", "surrogateescape").decode("latin-1"),
    ):  # fmt: skip
        answer = await anna.ask(
            "POST",
            page.form("/s/f:").action,
            data=broken.encode("latin-1"),
            headers={"Content-Type": "multipart/form-data; boundary=x"},
        )
        assert answer.status in (400, 403), broken


async def test_a_very_long_text_is_answered_by_its_question(door: Door, browse: Browse) -> None:
    """20,000 characters of the longest kind are told the question's own limit, and stand in the form again; a shorter text is taken."""
    made = await stage(door)
    await at_text(door, made)
    anna = browse(made.cookies[ANNA])
    review = await asked(anna, made)
    edit = [form for form in review.forms if ":e:" in form.action][-1]
    question = await anna.follow(await anna.send(edit))
    long = "🙂" * 20_000
    form = question.form("/s/f:")
    before = await dump(door.store)
    refused = await anna.ask("POST", form.action, data=f"k={question.token}&text={quote_plus(long)}".encode(), headers=URLENCODED)
    assert refused.status == 422
    assert "20 000" in refused.text.replace("\xa0", " ")
    assert long in refused.text
    assert await dump(door.store) == before
    assert (await anna.send(refused.form("/s/f:"), text="Krótszy wniosek.\r\nW dwóch wierszach.")).status == 303
    assert "Krótszy wniosek" in await draft_state(door, made.drafts[ANNA][0])


async def test_personal_data_is_refused_and_stays_in_the_form(door: Door, browse: Browse) -> None:
    """A telephone number in a text is refused, stored nowhere, and the text stands in the form to be mended."""
    made = await stage(door)
    await at_text(door, made)
    anna = browse(made.cookies[ANNA])
    review = await asked(anna, made)
    edit = [form for form in review.forms if ":e:" in form.action][-1]
    question = await anna.follow(await anna.send(edit))
    refused = await anna.send(question.form("/s/f:"), text="Proszę dzwonić: 601 234 567")
    assert refused.status == 422
    assert "Proszę dzwonić: 601 234 567</textarea>" in refused.text
    assert not spoken_of(await dump(door.store), "601 234 567")
    assert (await anna.get(path(intents.Resume(made.drafts[ANNA][0])))).text.count("601 234 567") == 0


async def test_an_answer_of_another_question_or_language_is_refused_in_place(door: Door, browse: Browse) -> None:
    """A choice the question does not offer is refused by it; a language nobody speaks, and a question nobody asks, change nothing."""
    made = await stage(door)
    anna = browse(made.cookies[ANNA])
    page = await asked(anna, made)
    dialogue, turn = made.drafts[ANNA]
    before = await dump(door.store)
    for choice in (["9"], ["time"], [""], ["4", "5"], [], ["４"], ["4" * 5000]):
        refused = await anna.post(page.form("/s/f:").action, [("k", page.token), *(("choice", one) for one in choice)])
        assert refused.status == 422, choice
    for intent in (intents.ChooseLanguage("xx"), intents.ChooseLanguage(""), intents.ChooseLanguage("..")):
        assert (await anna.post(path(intent), {"k": page.token})).status == 422
    unknown = await anna.post(path(Touch(dialogue, turn, "edit", "no_such_question")), {"k": page.token})
    assert unknown.status == 303
    assert await dump(door.store) == before
    assert (await anna.get("/z/x?lang=xx")).status == 404


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
async def test_too_much_is_cut_off(door: Door, browse: Browse, url: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    """A form of a megabyte, an endless one, one that unpacks to gigabytes and one that drips: a sentence in time, and nothing done."""
    made = await stage(door)
    anna = browse(made.cookies[ANNA])
    page = await asked(anna, made)
    action = page.form("/s/f:").action
    before = await dump(door.store)
    big = await anna.ask("POST", action, data=b"k=" + page.token.encode() + b"&text=" + b"x" * 1_000_000, headers=URLENCODED)
    assert big.status == 413

    async def endless() -> AsyncIterator[bytes]:
        yield b"k=" + page.token.encode() + b"&text="
        for _ in range(40):
            yield b"x" * 65536

    assert (await anna.ask("POST", action, data=endless(), headers=URLENCODED)).status == 413
    bomb = await anna.ask(
        "POST", action, data=gzip.compress(b"x" * 50_000_000), headers={**URLENCODED, "Content-Encoding": "gzip"}
    )
    assert bomb.status in (400, 413)
    broken = await anna.ask("POST", action, data=b"no gzip at all", headers={**URLENCODED, "Content-Encoding": "gzip"})
    assert broken.status in (400, 413)

    monkeypatch.setattr(forms, "PATIENCE", 0.3)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    head = f"POST {action} HTTP/1.1\r\nHost: x\r\nCookie: __Host-konwent={anna.cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    writer.write(head.encode() + b"Content-Length: 100\r\n\r\nk=")
    assert (await asyncio.wait_for(reader.readline(), 10)).split()[1] == b"408"
    writer.close()
    for chunk in (b"zz\r\nxx", b"-1\r\n", b"5\r\nab"):
        reader, writer = await asyncio.open_connection(url.host, url.port)
        writer.write(head.encode() + b"Transfer-Encoding: chunked\r\n\r\n" + chunk)
        writer.write_eof()
        answer = await asyncio.wait_for(reader.readline(), 10)
        assert answer == b"" or answer.split()[1] in (b"400", b"408"), answer
        writer.close()
    assert await dump(door.store) == before
    assert (await anna.send(page.form("/s/f:"), choice="4")).status == 303, "the house is well"


async def test_an_upload_of_three_megabytes_or_of_a_wrong_kind_is_refused(door: Door, browse: Browse) -> None:
    """A roster that is too large, a picture, an empty file and no file: each a sentence, nothing stored, and the form is there again."""
    made = await stage(door)
    kinga = browse(made.cookies[KINGA])
    page = await kinga.get(path(intents.SeeImport(made.janow.body)))
    form = page.form("/s/up:")
    assert form.enctype == "multipart/form-data"
    before = await dump(door.store, but=COUNTS)

    async def upload(content: bytes, name: str, field: str = "file") -> Page:
        data = FormData()
        for key, value in form.fields:
            data.add_field(key, value)
        data.add_field(field, io.BytesIO(content), filename=name, content_type="application/octet-stream")
        return await kinga.ask("POST", form.action, data=data)

    assert (await upload(b"x" * 3_000_000, "lista.csv")).status == 413
    for content, name in (
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 500, "obraz.png"),
        (b"", ""),
        (b"%PDF-1.7 not a roster", "lista.csv"),
    ):
        refused = await upload(content, name)
        assert refused.status in (200, 422), name
        assert refused.form("/s/up:")
    assert (await upload(b"a;b", "lista.csv", field="other")).status == 400
    assert (await kinga.post(form.action, form.fields)).status == 400, "without its file"
    assert await dump(door.store, but=COUNTS) == before


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
async def test_a_file_is_read_while_others_are_answered(door: Door, browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    """A spreadsheet is read on a thread of its own, not with the store in hand, and not at all for somebody who may not import."""
    made = await stage(door)
    threads: list[str] = []

    def reading(content: bytes, *rest: Any, **more: Any) -> Any:
        threads.append(threading.current_thread().name)
        return tables.read_table(content, *rest, **more)

    monkeypatch.setattr(desk_import, "read_table", reading)
    roster = f"nazwa;imie i nazwisko;e-mail\n{GOPS};Anna Nowa;anna@gops.example\n".encode()
    for who, status in ((IDA, 404), (KINGA, 200)):
        browser = browse(made.cookies[who])
        page = await browse(made.cookies[KINGA]).get(path(intents.SeeImport(made.janow.body)))
        action = page.form("/s/up:").action
        own = (await browser.get("/s/s")).token if who == IDA else page.token
        body = f'--x\r\nContent-Disposition: form-data; name="k"\r\n\r\n{own}\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="l.csv"\r\n\r\n'
        sent = await browser.ask(
            "POST",
            action,
            data=body.encode() + roster + b"\r\n--x--\r\n",
            headers={"Content-Type": "multipart/form-data; boundary=x"},
        )
        if who == IDA:
            assert sent.status in (400, status), "her own forms take no file at all"
            assert threads == []
        else:
            assert sent.status in (status, 303, 422)
    assert threads
    assert all(name.startswith("asyncio") for name in threads), threads


async def test_a_form_sends_its_own_fields_and_no_other(door: Door, browse: Browse) -> None:
    """The form that asks for a link takes an address; without it, with another field, or with the fields of another form it is not read."""
    somebody = browse("")
    page = await somebody.get("/s/e")
    form = page.form(path(AskLink()))
    before = await dump(door.store)
    k = page.token
    for fields in (
        [("k", k)], [("k", k), ("email", "a@b.example"), ("x", "1")], [("k", k), ("email", "a@b.example"), ("email", "c@d.example")],
        [("k", k), ("name", "a")], [("k", k.split(".")[0]), ("email", "a@b.example")], [("k", k + ",name"), ("email", "a@b.example"), ("name", "x")],
        [("k", k.replace("email", "name")), ("name", "x")],
    ):  # fmt: skip
        assert (await somebody.post(form.action, fields)).status == 400, fields
    wrong = await somebody.send(form, email="to nie jest adres")
    assert wrong.status == 422
    assert 'value="to nie jest adres"' in wrong.text
    assert await dump(door.store) == before
    taken = await somebody.send(wrong.form(path(AskLink())), email="ktos@gops.example")
    assert (taken.status, taken.location) == (303, "/s/e")
    assert await dump(door.store) != before


async def test_every_act_bears_a_form_without_its_fields(door: Door, browse: Browse) -> None:
    """Each act of the house, sent bare from the browser of whoever may: refused or done, never a fault of ours."""
    made = await stage(door)
    for who in (ANNA, BOGDAN, KINGA):
        browser = browse(made.cookies[who])
        token = (await browser.get("/s/s")).token
        for intent in valid(made, who):
            if isinstance(intent, intents.Leave | intents.SignOut | intents.Erase):
                continue
            page = await browser.post(path(intent), {"k": token})
            assert page.status < 500, (who, intent)
