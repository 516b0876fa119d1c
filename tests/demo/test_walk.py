"""The demo as a newcomer walks through it: the people of two institutions, two languages, a kill in the middle, one card each."""

from __future__ import annotations

import re
import signal
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import expect
from tests.cli.program import PATIENCE, Started, started
from tests.demo.hand import NARROW, Hand, browser, free_ports
from tests.sandbox.phone import Phone, Sandbox

#: The scales of the card, answered from the first to the fifteenth.
SCALES = (4, 5, 3, 4, 2, 4, 5, 3, 4, 4, 5, 2, 4, 4, 3)
#: How long a message is looked at before it is taken for one that was not edited any more.
EDITED_SECONDS = 8.0
WISH = "Jeden stały termin spotkań operacyjnych, znany z góry na pół roku."


async def _opened(program: Started) -> str:
    """Give the address, once everything stands."""
    address = await program.line()
    assert await program.line() == "Pokaz jest gotowy."
    return address


def _number(word: str, number: int) -> re.Pattern[str]:
    return re.compile(rf"{word} {number}\b")


@pytest.mark.browser
async def test_two_institutions_fill_in_their_cards_in_a_browser_through_a_kill(tmp_path: Path) -> None:
    """A head in Polish, a designated person in Ukrainian through a kill, the second representative, and whoever coordinates."""
    port = free_ports()
    arguments = ("demo", "--headless", "--port", str(port), "--data", "d")
    async with browser() as chromium:
        async with started(*arguments, folder=tmp_path) as program:
            base = await _opened(program)
            head = await Hand.of(chromium, base)
            await _the_head_sends(head)
            animator = await Hand.of(chromium, base, NARROW)
            await _the_animator_begins(animator)
            await program.end(signal.SIGKILL)
            await expect(animator.page.get_by_role("status").filter(has_text="Piaskownica nie odpowiada.")).to_be_visible()
        async with started(*arguments, folder=tmp_path) as program:
            assert await _opened(program) == base
            await _the_animator_goes_on(animator)
            second = await Hand.of(chromium, base, NARROW, "dark")
            await _the_second_representative_changes(second)
            coordinator = await Hand.of(chromium, base, scheme="dark")
            await _the_coordinator_watches(coordinator)
            for hand in (head, animator, second, coordinator):
                assert hand.complaints == []
                await hand.page.close()
            assert await program.end() == 0
        assert "Traceback" not in program.errors.read_text("utf-8")


async def _the_head_sends(head: Hand) -> None:
    await head.fits()
    await head.hold("PUP dyrektor")
    await head.open_letter()
    await head.sees("PUP Janów Lubelski", "osoba kierująca (dyrektor)", "Co przechowujemy", "skarga do Prezesa UODO")
    await head.sees("Przed przyjęciem zaproszenia nie zapisujemy żadnych danych.")
    await head.fits()
    await head.tap("Przyjmuję i zaczynam")
    await head.sees("Miejsce w sieci jest potwierdzone.", "To zajmie około 6 min.")
    await head.tap("Wypełnij kartę: PUP Janów Lubelski")
    await head.sees("Każda odpowiedź zapisuje się od razu")
    await head.tap("Zaczynamy")
    for number, point in enumerate(SCALES, 1):
        await head.sees(_number("pytanie", number))
        # Whoever holds the phone sees what is asked and every key at once.
        await expect(head.newest.get_by_text(re.compile(rf"· pytanie {number}$"))).to_be_in_viewport()
        await expect(head.key("Nie wiem / nie dotyczy")).to_be_in_viewport()
        if number == 1:
            await head.newest.get_by_role("button", name="Pokaż wszystko").click()
            await expect(head.newest.get_by_text("tylko średnie, bez nazw instytucji.")).to_be_in_viewport()
            await head.fits()
        await head.tap(str(point))
    await head.sees("Zapisano. Protokoły i zadania: 3 – ani tak, ani nie", _number("pytanie", 16))
    await head.tap("telefon")
    await expect(head.key("✓ telefon")).to_be_visible()
    await head.tap("Gotowe")
    await head.sees("Zapisano. Formy kontaktu: telefon", "Proszę zaznaczyć najwyżej 3")
    for number in (1, 3, 17):
        await head.tap(str(number))
        await expect(head.key(f"✓ {number}")).to_be_visible()
    await head.tap("4")
    await head.sees("⚠️ Proszę zaznaczyć najwyżej 3.")
    await head.fits()
    await head.tap("Gotowe")
    await head.sees("Co jeszcze utrudniało współpracę?")
    await head.write("Proszę dzwonić do Jana: 600 700 800")
    await head.sees("numer telefonu, dlatego nic nie zostało zapisane.")
    await head.write("Za mało czasu między terminami.")
    await head.sees("Zapisano. Inne trudności: Za mało czasu między terminami.", "Co warto usprawnić")
    await head.write(WISH)
    await head.sees("Proszę sprawdzić odpowiedzi", "5. Koordynacja przez KIS: 2 – raczej nie", f"19. Co usprawnić: {WISH}")
    await head.fits()
    await head.tap("5")
    await head.sees("Dotychczasowa odpowiedź: 2 – raczej nie")
    await head.tap("4")
    await head.sees("Zapisano. Koordynacja przez KIS: 4 – raczej tak", "5. Koordynacja przez KIS: 4 – raczej tak")
    await expect(head.newest.get_by_text("Zapisano.")).to_be_in_viewport()
    await head.tap("Zatwierdź i wyślij")
    await head.sees("Karta została wysłana", "Odpowiedzi można zmieniać do końca badania.")
    await head.fits()
    await head.tap("Moje sprawy")
    await head.sees("Spotkanie strategiczne", "Proszę odpowiedzieć, czy ktoś będzie.", "wysłana (osoba kierująca,")


async def _the_animator_begins(animator: Hand) -> None:
    await animator.hold("OSiR animator")
    await animator.open_letter()
    await animator.sees("Zaproszenie", "OSiR Janów Lubelski")
    await animator.tap("українська")
    await animator.sees("Запрошення", "Що зберігаємо", "До прийняття запрошення ми не зберігаємо жодних даних.")
    await animator.fits()
    await animator.tap("Приймаю і починаю")
    await animator.sees("Місце в мережі підтверджено.")
    await animator.tap("Заповнити картку: OSiR Janów Lubelski")
    await animator.sees("Кожна відповідь зберігається одразу")
    await animator.tap("Почати")
    for number, point in enumerate(("5", "3", "Не знаю / не стосується"), 1):
        await animator.sees(_number("запитання", number))
        await animator.tap(point)
    await animator.sees("Збережено. Залученість партнерів: Не знаю / не стосується", _number("запитання", 4))
    await animator.fits()


async def _the_animator_goes_on(animator: Hand) -> None:
    await animator.sees(_number("запитання", 4))
    await animator.tap("4")
    await animator.sees("Збережено. Довіра й домовленості: 4 – радше так", _number("запитання", 5))
    for number, point in enumerate(SCALES[4:], 5):
        await animator.sees(_number("запитання", number))
        await animator.tap(str(point))
    await animator.sees(_number("запитання", 16))
    await animator.tap("регулярні зустрічі")
    await expect(animator.key("✓ регулярні зустрічі")).to_be_visible()
    await animator.tap("Готово")
    await animator.sees(_number("запитання", 17))
    await animator.tap("16")
    await expect(animator.key("✓ 16")).to_be_visible()
    await animator.tap("Готово")
    await animator.sees("запитання 18 з 18")
    await animator.tap("Пропустити")
    await animator.sees("1. Спільні цілі: 5", "3. Залученість партнерів: Не знаю", "4. Довіра й домовленості: 4", "(пропущено)")
    await animator.fits()
    await animator.tap("Підтвердити й надіслати")
    await animator.sees("Картку надіслано")


async def _the_second_representative_changes(second: Hand) -> None:
    await second.hold("PUP doradca")
    await second.open_letter()
    await second.sees("osoba wskazana (doradca zawodowy)")
    await second.tap("Przyjmuję i zaczynam")
    await second.sees("wysłana (osoba kierująca,")
    await second.tap("Zobacz kartę: PUP Janów Lubelski")
    await second.sees("Kto wysłał: osoba kierująca", "Wersja: 1", "Może ją zmienić każda z osób, które ją reprezentują.")
    await second.fits()
    await second.tap("Zmień odpowiedzi")
    await second.sees("Po zatwierdzeniu ta wersja ją zastąpi", "1. Wspólne cele: 4 – raczej tak")
    await second.tap("1")
    await second.sees("Dotychczasowa odpowiedź: 4 – raczej tak")
    await second.tap("5")
    await second.sees("1. Wspólne cele: 5 – zdecydowanie tak", f"19. Co usprawnić: {WISH}")
    await second.tap("Zatwierdź i wyślij")
    await second.sees("Karta została wysłana")
    await second.tap("Moje sprawy")
    await second.sees("wysłana (osoba wskazana,")
    await second.tap("Zobacz kartę: PUP Janów Lubelski")
    await second.sees("Kto wysłał: osoba wskazana", "Wersja: 2")


async def _the_coordinator_watches(coordinator: Hand) -> None:
    await coordinator.hold("koordynująca")
    await coordinator.page.get_by_role("link", name="Konwent").click()
    # What the demo opened with stands above what has come since.
    await expect(coordinator.page.get_by_role("article").filter(has_text="Wpłynęło 0 z 16.")).to_have_count(1)
    await coordinator.page.get_by_role("button", name="Polecenia").click()
    await coordinator.page.get_by_role("button", name="/sprawy Co jest do zrobienia").click()
    await coordinator.sees("Wpłynęło 2 z 16.")
    await coordinator.newest.get_by_role("button", name="Kto już odpowiedział").click()
    await coordinator.sees("Wpłynęło: 2 z 16", "PUP Janów Lubelski: wysłana (osoba wskazana,", "GOPS Modliborzyce: jeszcze nie")
    await coordinator.sees("OSiR Janów Lubelski: wysłana (osoba wskazana,", "Zakład stolarski: jeszcze nie; nikt nie przyjął")
    await coordinator.fits()


# --- the same way without a browser -----------------------------------------------------------------------------------


class Member:
    """Somebody of the demo, their phone held by a script."""

    def __init__(self, sandbox: Sandbox, person: int) -> None:
        self.sandbox = sandbox
        self.phone = Phone(sandbox, person)

    @classmethod
    async def called(cls, sandbox: Sandbox, words: str) -> Member:
        """Find the one person whose note begins like this."""
        people = (await sandbox.ask("GET", "/phone"))["people"]
        (person,) = [one for one in people if one["note"].startswith(words)]
        return cls(sandbox, person["id"])

    async def open_letter(self, subject: str) -> None:
        """Press the link of the letter with this subject."""
        (head,) = [letter for letter in await self.sandbox.letters() if letter["subject"] == subject]
        letter = await self.sandbox.ask("GET", f"/mail/{head['id']}")
        await self.phone.open(re.findall(r"https://t\.me/\S+", letter["text"])[0])

    async def sees(self, *words: str) -> None:
        """Wait until a message says all of this (patterns)."""
        await self.phone.wait_for(lambda said: all(re.search(word, said.text) for word in words), PATIENCE)

    async def tap(self, label: str, *then: str) -> None:
        """Press a key and wait for what follows."""
        await self.phone.tap(label)
        await self.sees(*then)

    async def goes_on_after_a_kill(self, pressed: str, *then: str) -> None:
        """Find what follows the key pressed before a kill.

        The answer is stored before the message is edited, and the kill may fall in between: then the old question still stands there.
        Whoever presses it again sees what follows; the second press belongs to a question that has its answer, and counts for nothing.
        """
        try:
            await self.phone.wait_for(lambda said: all(re.search(word, said.text) for word in then), EDITED_SECONDS)
        except TimeoutError:
            await self.tap(pressed, *then)

    async def mark(self, label: str) -> None:
        """Press one of several choices and wait for its tick."""
        await self.phone.tap(label)
        await self.phone.wait_for(lambda said: f"✓ {label}" in said.labels, PATIENCE)

    async def say(self, text: str, *then: str) -> None:
        """Type a text and wait for what follows."""
        await self.phone.send(text)
        await self.sees(*then)


async def test_the_same_way_without_a_browser(tmp_path: Path) -> None:
    """The same path by HTTP, with an answer in flight when the demo is killed: it counts, and nobody has to give it again."""
    port = free_ports()
    arguments = ("demo", "--headless", "--port", str(port), "--data", "d")
    async with AsyncExitStack() as held:
        async with started(*arguments, folder=tmp_path) as program:
            sandbox = Sandbox(await _opened(program))
            held.push_async_callback(sandbox.disconnect)
            head = await Member.called(sandbox, "PUP Janów Lubelski, osoba kierująca")
            await head.open_letter("Zaproszenie: PUP Janów Lubelski, osoba kierująca")
            await head.sees("Co przechowujemy", "PUP Janów Lubelski")
            await head.tap("Przyjmuję i zaczynam", "Miejsce w sieci jest potwierdzone")
            await head.tap("Wypełnij kartę: PUP Janów Lubelski", "zapisuje się od razu")
            await head.tap("Zaczynamy", r"pytanie 1\b")
            for number, point in enumerate(SCALES, 2):
                await head.tap(str(point), rf"pytanie {number}\b")
            await head.mark("telefon")
            await head.tap("Gotowe", r"pytanie 17\b")
            await head.mark("3")
            await head.tap("Gotowe", "Co warto usprawnić")
            await head.say("Proszę dzwonić do Jana: 600 700 800", "nic nie zostało zapisane")
            await head.say(WISH, "Proszę sprawdzić odpowiedzi", rf"18\. Co usprawnić: {WISH}")
            await head.tap("5", "Dotychczasowa odpowiedź: 2 – raczej nie")
            await head.tap("4", r"5\. Koordynacja przez KIS: 4 – raczej tak")
            await head.tap("Zatwierdź i wyślij", "Karta została wysłana")

            olena = await Member.called(sandbox, "Spółdzielnia socjalna, osoba wskazana")
            await olena.open_letter("Zaproszenie: Spółdzielnia socjalna, osoba wskazana")
            await olena.sees("Запрошення", "Spółdzielnia socjalna")
            await olena.tap("Приймаю і починаю", "Місце в мережі підтверджено")
            await olena.tap("Заповнити картку: Spółdzielnia socjalna", "зберігається одразу")
            await olena.tap("Почати", r"запитання 1\b")
            await olena.tap("5", r"запитання 2\b")
            await olena.phone.tap("4")
            await program.end(signal.SIGKILL)
        async with started(*arguments, folder=tmp_path) as program:
            assert await _opened(program) == sandbox.url
            await olena.goes_on_after_a_kill("4", r"запитання 3\b")
            for number, point in enumerate(SCALES[2:], 4):
                await olena.tap(str(point), rf"запитання {number}\b")
            await olena.mark("телефон")
            await olena.tap("Готово", r"запитання 17\b")
            await olena.mark("16")
            await olena.tap("Готово", "запитання 18 з 18")
            await olena.tap(
                "Пропустити", "1. Спільні цілі: 5", "2. Склад мережі: 4", r"3\. Залученість партнерів: 3", "(пропущено)"
            )
            await olena.tap("Підтвердити й надіслати", "Картку надіслано")

            second = await Member.called(sandbox, "PUP Janów Lubelski, osoba wskazana")
            await second.open_letter("Zaproszenie: PUP Janów Lubelski, osoba wskazana")
            await second.sees("doradca zawodowy")
            await second.tap("Przyjmuję i zaczynam", r"wysłana \(osoba kierująca,")
            await second.tap("Zobacz kartę: PUP Janów Lubelski", "Kto wysłał: osoba kierująca", "Wersja: 1")
            await second.tap("Zmień odpowiedzi", r"1\. Wspólne cele: 4", "ta wersja ją zastąpi")
            await second.tap("1", "Dotychczasowa odpowiedź: 4")
            await second.tap("5", r"1\. Wspólne cele: 5", rf"18\. Co usprawnić: {WISH}")
            await second.tap("Zatwierdź i wyślij", "Karta została wysłana")
            await second.tap("Moje sprawy", r"wysłana \(osoba wskazana,")
            await second.tap("Zobacz kartę: PUP Janów Lubelski", "Kto wysłał: osoba wskazana", "Wersja: 2")

            coordinator = await Member.called(sandbox, "KIS Janów Lubelski, osoba koordynująca")
            await coordinator.say("/sprawy", r"Wpłynęło 2 z 16\.")
            (seen,) = [said for said in await coordinator.phone.messages() if "Wpłynęło 2 z 16." in said.text]
            (who,) = [label for label in seen.labels if label.startswith("Kto już odpowiedział")]
            await coordinator.tap(
                who, "Wpłynęło: 2 z 16", r"PUP Janów Lubelski: wysłana \(osoba wskazana,", "OPS Janów Lubelski: jeszcze nie"
            )
            await sandbox.disconnect()
            assert await program.end() == 0
    assert "Traceback" not in program.errors.read_text("utf-8")
