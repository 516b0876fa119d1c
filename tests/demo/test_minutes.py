"""The demo's meeting gets its minutes: drafted from what happened, sent round, put right, accepted, checked to the last byte, kept for good.

One institution accepts in the chat, one on a page, one has nothing but e-mail, one has a remark, and the others say nothing.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import aiohttp
import page
from tests.cli.program import konwent
from tests.demo import test_decisions as deciding
from tests.demo.world import WARSAW, Careful, begun, careful, go_on, letter_to
from tests.sandbox.phone import Said, Sandbox
from tests.web.browsing import Browser, Page
from yarl import URL

#: When people come to the meeting, when it ends, and the moments at which the clock has something to do: half of the time for answers is over, all of it is,
#: and so is that of the second version.
COME: Final = datetime(2026, 12, 17, 9, 50, tzinfo=WARSAW)
ENDED: Final = datetime(2026, 12, 17, 12, 5, tzinfo=WARSAW)
HALF: Final = datetime(2026, 12, 21, 12, 30, tzinfo=WARSAW)
OVER: Final = datetime(2026, 12, 28, 9, 0, tzinfo=WARSAW)
OVER_AGAIN: Final = datetime(2027, 1, 5, 9, 0, tzinfo=WARSAW)
MINUTES: Final = "Protokół nr 1/2026"
ASKED, AGAIN, REMINDED, FINAL = (
    f"{MINUTES}: proszę przeczytać i odpowiedzieć",
    f"{MINUTES}: nowa wersja, proszę przeczytać i odpowiedzieć",
    f"{MINUTES}: prosimy o odpowiedź",
    f"{MINUTES}: wersja ostateczna",
)
LIBRARY: Final = "biblioteka@modliborzyce.example"
WRITTEN: Final = "Biblioteka udostępni salę na warsztaty w każdą środę."
WANTED: Final = "Biblioteka udostępni salę na warsztaty w każdą środę od 16:00."
PUT_RIGHT: Final = "W punkcie o sali powinno być: od 16:30."
#: Where what went out is kept while somebody looks at it: KONWENT_PICTURES=folder.
PICTURES: Final = os.environ.get("KONWENT_PICTURES", "")


async def test_a_meeting_gets_its_minutes_and_everybody_can_check_them(tmp_path: Path) -> None:
    """Two versions, the final one and an annex: each is an accessible document, the same for everybody, and one altered byte is noticed."""
    async with begun(tmp_path) as (sandbox, data):
        story = Story(sandbox)
        await story.assemble()
        await story.the_meeting_begins(COME)
        await go_on(sandbox, deciding.MEETING)
        await story.nobody_objects()
        await story.the_meeting_ends()
        await story.a_paragraph_and_a_task_are_added()
        await story.the_minutes_go_out()
        await story.some_answer()
        await story.only_the_silent_are_reminded()
        await story.the_remark_is_taken_up()
        await story.a_second_version_goes_out()
        await story.silence_makes_it_final()
        await story.an_annex_puts_something_right()
        await story.anybody_checks_a_document()
        await story.the_year_is_taken_along()
        final, altered = tmp_path / "final.pdf", tmp_path / "altered.pdf"
        final.write_bytes(story.documents["final"])
        altered.write_bytes(changed(story.documents["final"]))
        codes = [
            konwent("verify", str(one), folder=tmp_path, KONWENT_DATA_DIR=str(data)).returncode
            for one in (final, altered, data / "clock")
        ]
        assert codes == [0, 1, 2]


class Story(deciding.Story):
    """Everybody of the meeting that decides, and what they do once it is over."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        #: What went out, by its name: "1", "2", "final", "annex".
        self.documents: dict[str, bytes] = {}

    async def assemble(self) -> None:
        """Take the phones in hand."""
        await super().assemble()
        self.manager = await careful(self.sandbox, "KIS Janów Lubelski, case manager")
        self.kgw, _, self.culture, _, self.ngo = self.heads[2:]

    async def the_meeting_ends(self) -> None:
        """The coordinator notes that it took place, and the minutes are there."""
        await go_on(self.sandbox, ENDED)
        her = self.coordinator
        await her.say("/sprawy", "czy się odbyło|Odbyło się|odbyło")
        await her.tap("Odbyło się: czw., 17 gru", "Zapisano: spotkanie się odbyło")
        await her.tap("Moje sprawy", "protokół nr 1/2026 czeka na przejrzenie i rozesłanie")
        await her.tap(MINUTES, "Stan: projekt", "Ten protokół program napisał z tego, co zapisano o spotkaniu")

    async def a_paragraph_and_a_task_are_added(self) -> None:
        """What nobody could know from facts is written in by hand."""
        her = self.coordinator
        await her.tap(await self._numbered(her, "Wolne wnioski"), "Wolne wnioski", "Nic tu jeszcze nie napisano|Skąd:")
        await her.tap("Dopisz akapit", "Co zapisać w protokole")
        await her.say(WRITTEN, "Proszę sprawdzić odpowiedzi")
        await her.tap("Dopisz do protokołu", "Akapit jest w projekcie protokołu")
        await her.tap("Wróć do punktu", "Wolne wnioski", WRITTEN)
        await her.tap("Dodaj zadanie", "Co trzeba zrobić")
        await her.say("Przygotować grafik sali.", "Która instytucja za to odpowiada")
        await her.tap(await self._numbered(her, "Biblioteka Modliborzyce"), "✓ 1")
        await her.tap("Gotowe", "Do kiedy")
        await her.say("29 stycznia 2027", "zgadza się")
        await her.tap("Tak, zgadza się", "Proszę sprawdzić odpowiedzi")
        await her.tap("Zapisz zadanie", "Zadanie jest zapisane")
        await her.tap("Zobacz protokół", "Stan: projekt")

    async def the_minutes_go_out(self) -> None:
        """Looked over first: to whom, by what, until when. Then one press, and phones and letters bring the same bytes."""
        her = self.coordinator
        await her.tap(
            "Przejrzyj i roześlij",
            "Przed rozesłaniem",
            "16 instytucji",
            "czwartek, 24 grudnia",
            "Co instytucje przeczytają najpierw",
        )
        await her.tap(
            "Roześlij do 16 instytucji", "Wersja 1 jest w drodze do wszystkich instytucji", "Odpowiedziało instytucji: 0 z 16"
        )
        self.documents["1"] = await self._brought(self.gops, ASKED)

    async def some_answer(self) -> None:
        """One accepts in the chat, one on a page, one by a letter's link; one says what it should say."""
        await self.gops.tap(
            "Przyjmuję protokół", "Zapisano: GOPS Modliborzyce przyjmuje protokół", "Odpowiedź można zmienić do końca dnia"
        )
        await self._accepts_on_a_page(self.pcpr, "PCPR Janów Lubelski")
        await self._accepts_by_letter()
        await self.ngo.sees(ASKED)
        await self.ngo.tap("Zgłaszam uwagę", "Którego punktu dotyczy uwaga")
        await self.ngo.tap(await self._numbered(self.ngo, "Wolne wnioski"), r"✓ \d+\. ")
        await self.ngo.tap("Gotowe", "Jak powinien brzmieć ten zapis")
        await self.ngo.say(WANTED, "Proszę sprawdzić odpowiedzi")
        await self.ngo.tap("Wyślij uwagę", "Uwaga jest wysłana do osoby koordynującej")
        await self.coordinator.sees("Uwagi do protokołu: 1", WANTED)

    async def only_the_silent_are_reminded(self) -> None:
        """When half of the time is over, whoever has answered gets nothing."""
        await go_on(self.sandbox, HALF)
        await self.culture.has(1, REMINDED)
        assert "Pliki" not in await self.culture.reads(REMINDED), "the document came before"
        await letter_to(self.manager, "kierownik@ops-janow.example", REMINDED)
        assert [await one.got(REMINDED) for one in (self.gops, self.pcpr, self.ngo)] == [0, 0, 0]
        assert not [one for one in await self.sandbox.letters() if one["to"] == [LIBRARY] and one["subject"] == REMINDED]

    async def the_remark_is_taken_up(self) -> None:
        """The coordinator accepts it, its institution is told, and the draft says so now."""
        her = self.coordinator
        await her.tap("Zobacz uwagi", "Uwagi instytucji", "Czeka na odpowiedź: 1")
        await her.tap("1", "Uwaga: Stowarzyszenie Godziszów", WANTED)
        await her.tap("Przyjmij uwagę", "Uwaga jest przyjęta, instytucja się o tym dowie")
        await self.ngo.sees("Uwaga Państwa instytucji jest uwzględniona", WANTED)
        await her.tap("Ten punkt w projekcie", r"^\d\. Wolne wnioski", f"Dopisano: {WRITTEN}")
        await her.tap("1", "Akapit protokołu", WRITTEN)
        await her.tap("Zmień treść", "Co zapisać w protokole")
        await her.say(WANTED, "Proszę sprawdzić odpowiedzi")
        await her.tap("Zmień tekst", "Tekst jest zmieniony")

    async def a_second_version_goes_out(self) -> None:
        """The time is over: the silent have accepted, and the version that takes the remark up lists what is new."""
        await go_on(self.sandbox, OVER)
        her = self.coordinator
        await her.sees(f"{MINUTES}: potrzebna jest nowa wersja")
        await her.tap("Otwórz protokół", "Są przyjęte uwagi")
        await her.tap("Kto już odpowiedział", "Nie odpowiedziały w terminie, więc przyjmują: 12", "Mają uwagi: 1", "Przyjmują: 3")
        await her.tap(MINUTES, "Są przyjęte uwagi")
        await her.tap("Przejrzyj i roześlij wersję 2", "Co się zmieniło od wersji 1", WANTED)
        await her.tap("Roześlij do 16 instytucji", "Wersja 2 jest w drodze do wszystkich instytucji")
        await self.gops.has(1, AGAIN)
        self.documents["2"] = await self._brought(self.gops, AGAIN)
        await self.gops.sees("wersja 2, z listą zmian")

    async def silence_makes_it_final(self) -> None:
        """Nobody has a remark on it: at the end of the time it is final by itself, and everybody is told once."""
        await self.ngo.tap("Przyjmuję protokół", "Zapisano: Stowarzyszenie Godziszów przyjmuje protokół")
        await go_on(self.sandbox, OVER_AGAIN)
        for one in (self.gops, self.pcpr, self.culture, self.coordinator):
            await one.has(1, FINAL)
        self.documents["final"] = await self._brought(self.gops, FINAL)
        came = await letter_to(self.manager, LIBRARY, FINAL)
        assert await self._attached(came) == self.documents["final"]

    async def an_annex_puts_something_right(self) -> None:
        """Nothing of the final version changes any more; what was wrong in it is said beside it."""
        her = self.coordinator
        await her.say("/sprawy", "Moje sprawy")
        await her.tap("Spotkania", "Spotkania|Teraz nie ma")
        await her.tap("Archiwum: LSR Janów Lubelski", "Archiwum", "wersja ostateczna")
        await her.tap(await self._numbered(her, MINUTES), "wersja ostateczna")
        await her.tap("Zobacz spotkanie", "^Spotkanie strategiczne")
        await her.tap("Protokół", "Ten protokół jest ostateczny")
        await her.tap("Napisz aneks", "Aneks to osobny dokument")
        await her.tap("Zaczynamy", "Co w protokole powinno być inaczej")
        await her.say(PUT_RIGHT, "Proszę sprawdzić odpowiedzi")
        await her.tap("Roześlij aneks do wszystkich instytucji", "Aneks jest w drodze do wszystkich instytucji")
        await self.culture.sees(f"{MINUTES}: aneks", re.escape(PUT_RIGHT))
        self.documents["annex"] = await self._brought(self.culture, f"{MINUTES}: aneks")

    async def anybody_checks_a_document(self) -> None:
        """The file is sent to the bot and to the page: known, of which version, final or not; altered by a byte; unknown."""
        for name, says in (
            ("final", "To jest ostateczna wersja protokołu"), ("1", "To nie jest wersja ostateczna"), ("annex", "To jest aneks"),
        ):  # fmt: skip
            verdict = page.validate_pdf_bytes(self.documents[name], profile="ua1")
            assert verdict.is_compliant, verdict
            await self._sends(self.culture, self.documents[name], "Ten dokument jest prawdziwy", MINUTES, says)
        assert page.validate_pdf_bytes(self.documents["2"], profile="ua1").is_compliant
        await self._sends(
            self.culture, changed(self.documents["final"]), "Ten plik został zmieniony", "Pod tym kodem wysłano", MINUTES
        )
        await self._sends(self.culture, b"%PDF-1.7 something else", "Ten plik jest nieznany")
        async with Browser(self.pages) as stranger:
            found = await self._uploads(stranger, self.documents["final"])
            assert "Ten dokument jest prawdziwy" in found.text
            assert "To jest ostateczna wersja protokołu" in found.text
            assert "Ten plik został zmieniony" in (await self._uploads(stranger, changed(self.documents["final"]))).text
        if PICTURES:
            for name, content in self.documents.items():
                (Path(PICTURES) / f"minutes-{name}.pdf").write_bytes(content)

    async def the_year_is_taken_along(self) -> None:
        """Everything of 2026 is one file, whose manifest tells the hash of each."""
        async with await self._at_home(self.gops) as browser:
            home = await browser.get("/")
            archive = await browser.get(_link(await browser.get(_link(home, "Spotkania")), "Archiwum: LSR Janów Lubelski"))
            taken = await browser.get(_link(archive, "Pobierz cały rok 2026 (ZIP)"))
        assert taken.headers["Content-Type"] == "application/zip"
        with zipfile.ZipFile(io.BytesIO(taken.body)) as year:
            manifest = json.loads(year.read("manifest.json"))
            told = {one["path"]: one["sha256"] for one in manifest["files"]}
            assert {name: hashlib.sha256(year.read(name)).hexdigest() for name in told} == told
            assert set(year.namelist()) == {*told, "manifest.json", "SHA256SUMS"}
            kept = {hashlib.sha256(content).hexdigest() for content in self.documents.values()}
            assert kept <= set(told.values())
        assert any(name.endswith(".ics") for name in told)
        assert sum(name.startswith("decyzje/") for name in told) == 1

    # --- steps of it ---

    async def _numbered(self, who: Careful, words: str) -> str:
        """Give the label of what these words name: a key of its own, or the number of a line."""
        said = await who.phone.wait_for(lambda said: bool(_named(said, words)))
        return _named(said, words)

    async def _brought(self, who: Careful, title: str) -> bytes:
        """Give the newest document that came to a phone with a notice."""
        await who.sees(title)
        said = await who.phone.wait_for(lambda said: bool(said.raw["document"]) and said.raw["document"]["name"].endswith(".pdf"))
        async with self.sandbox.session.get(self.sandbox.url + said.raw["document"]["href"]) as response:
            return await response.read()

    async def _attached(self, letter: dict[str, Any]) -> bytes:
        """Give the one document of a letter."""
        (found,) = [one for one in letter["attachments"] if one["mime"] == "application/pdf"]
        async with self.sandbox.session.get(self.sandbox.url + found["href"]) as response:
            return await response.read()

    async def _accepts_by_letter(self) -> None:
        """Who reads nothing but e-mail has the document in the letter, and answers behind its link."""
        came = await letter_to(self.manager, LIBRARY, ASKED)
        assert await self._attached(came) == self.documents["1"]
        link = URL(re.findall(r"http://\S+/e/\S+", came["text"])[0])
        self.pages = link.origin()
        async with Browser(self.pages) as browser:
            door = await browser.get(link.path)
            seen = await browser.follow(await browser.send(door.press("Wejdź")))
            assert "24 grudnia" in seen.text
            said = await browser.follow(await browser.send(seen.press("Przyjmuję protokół")))
            assert "Zapisano: Biblioteka Modliborzyce przyjmuje protokół." in said.text

    async def _accepts_on_a_page(self, who: Careful, institution: str) -> None:
        """Somebody with a phone rather reads on a page, whole, and answers there."""
        async with await self._at_home(who) as browser:
            seen = await browser.get(_link(await browser.get("/"), f"Przeczytaj i odpowiedz: {MINUTES}"))
            whole = await browser.get(_link(seen, "Przeczytaj cały tekst"))
            assert WRITTEN in whole.text
            said = await browser.follow(await browser.send(seen.press("Przyjmuję protokół")))
            assert f"Zapisano: {institution} przyjmuje protokół." in said.text

    async def _at_home(self, who: Careful) -> Browser:
        """Go from the chat to the page, signed in."""
        await who.say("/sprawy", "Moje sprawy")
        await who.tap("Otwórz w przeglądarce", "Otwórz stronę|przeglądarce")
        keys = [key for said in await who.phone.messages() for row in said.raw["keyboard"] for key in row]
        link = URL([str(key["url"]) for key in keys if "/e/" in str(key.get("url", ""))][-1])
        browser = Browser(link.origin())
        door = await browser.get(link.path)
        await browser.follow(await browser.send(door.press("Wejdź")))
        return browser

    async def _sends(self, who: Careful, content: bytes, *says: str) -> None:
        """Send a file to the bot, and read what it says to it."""
        sent = await who.phone.send_file("dokument.pdf", content)
        await who.phone.wait_for(
            lambda said: said.message_id > int(sent["message_id"]) and all(re.search(word, said.text) for word in says)
        )

    async def _uploads(self, browser: Browser, content: bytes) -> Page:
        """Have a file checked on the public page."""
        asked = await browser.get("/sprawdz")
        form = asked.press("Sprawdź")
        given = aiohttp.FormData(form.fields)
        given.add_field("file", content, filename="dokument.pdf", content_type="application/pdf")
        return await browser.ask("POST", form.action, data=given())


def changed(content: bytes) -> bytes:
    """Change one byte in the middle of a document."""
    at = len(content) // 2
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def _named(said: Said, words: str) -> str:
    """Give the key of what these words name in a message; empty where there is none."""
    for label in said.labels:
        if label.startswith(words):
            return label
    numbers = re.findall(rf"^(\d+)\. (?:\d+\. )?{re.escape(words)}", said.text, re.MULTILINE)
    return next((one for one in numbers if one in said.labels), "")


def _link(seen: Page, label: str) -> str:
    """Give where a link or a row of a page leads."""
    found = [href for said, href in seen.read.links if said.startswith(label)]
    assert found, (label, seen.title, [said for said, _ in seen.read.links])
    return found[0]
