"""The demo's year of meetings: planned, called, answered, moved, held, with the clock moved by hand, and a ledger to be counted."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime
from pathlib import Path

from tests.demo.test_walk import Member
from tests.demo.world import WARSAW, Chat, begun, go_on, letter_to
from tests.sandbox.phone import Sandbox
from tests.web.browsing import Browser
from yarl import URL

from konwent_bot import app
from konwent_bot.demo import demo_settings
from konwent_bot.office import bodies
from konwent_bot.office.meetings import facts, ledger
from konwent_bot.office.meetings.ledger import Entry
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.unit import UnitOfWork

FORMER, MEETING = "czwartek, 14 stycznia 2027", "czwartek, 21 stycznia 2027"
LIBRARY = "biblioteka@modliborzyce.example"
#: Whose letter is the last one of those to institutions: the others have theirs by then.
LAST_BY_LETTER = "sekretariat@szkola-modliborzyce.example"
SUBSTITUTE = "zastepstwo@spoldzielnia-janow.example"
WISH = "Wspólny dzień otwarty instytucji"
#: Moments just after the reminders of the meeting that has moved were due: 14, 3, 1 days and 2 hours before it.
AHEAD = (
    datetime(2027, 1, 7, 10, 1, tzinfo=WARSAW), datetime(2027, 1, 18, 10, 1, tzinfo=WARSAW),
    datetime(2027, 1, 20, 10, 1, tzinfo=WARSAW), datetime(2027, 1, 21, 8, 1, tzinfo=WARSAW),
)  # fmt: skip
#: Occasions of which somebody may get several about one meeting, each at its own time.
MANY = ("meeting.reminder",)
#: Who is ticked on the day, besides one who shows the code.
TICKED = (
    "Biblioteka Modliborzyce", "KIS Janów Lubelski", "OPS Janów Lubelski", "Ośrodek kultury", "PCPR Janów Lubelski",
    "Spółdzielnia socjalna", "Stowarzyszenie Godziszów",
)  # fmt: skip
#: What planning a year may take, in keys pressed and lines typed: two minutes, when each takes five seconds.
MOST_PRESSES = 24

#: The questions of the plan: what is answered, and a word of the question that follows.
PLAN = (
    ("drugi w miesiącu", "pytanie 3"), ("czwartek", "pytanie 4"), ("styczeń, kwiecień, lipiec, październik", "pytanie 5"),
    ("=10:00", "pytanie 6"), ("2 godziny", "pytanie 7"), ("pierwszy w miesiącu", "pytanie 8"), ("wtorek", "pytanie 9"),
    ("=9:30", "pytanie 10"), ("1,5 godziny", "pytanie 11"), ("na miejscu", "pytanie 12"),
    ("=KIS Janów Lubelski, ul. Zamoyskiego 1", "pytanie 13"), ("osoba koordynująca sieć", "Proszę sprawdzić odpowiedzi"),
)  # fmt: skip


async def test_a_year_of_meetings_from_the_plan_to_a_meeting_that_was_held(tmp_path: Path) -> None:
    """The coordinator plans 2027; six answer in six ways; the clock goes by, a meeting moves, another is off, one is held.

    In the end everybody got each message once, and nobody who had answered was reminded.
    """
    async with begun(tmp_path) as (sandbox, data):
        story = Story(sandbox)
        await story.assemble()
        await story.the_year_is_planned()
        await story.the_first_meeting_is_called_off()
        await story.people_are_called_and_answer()
        await story.an_item_is_proposed_and_taken()
        await story.the_silent_are_reminded_by_hand()
        await story.the_clock_reminds(datetime(2026, 12, 31, 10, 1, tzinfo=WARSAW), FORMER, 2)
        await story.the_meeting_moves()
        await story.the_report_is_written()
        for nth, moment in enumerate(AHEAD, 1):
            await story.the_clock_reminds(moment, MEETING, nth)
        await story.the_meeting_is_held()
        await story.the_phones_got_each_thing_once()
    async with app.open_house(demo_settings(data, 0)) as door:
        _counted(await door.look(_entries))


class Story:
    """Everybody of it, and what they do."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    async def assemble(self) -> None:
        """Take the phones in hand."""

        async def phone(whose: str) -> Chat:
            found = await Member.called(self.sandbox, whose)
            return Chat(self.sandbox, found.phone.id)

        self.coordinator = await phone("KIS Janów Lubelski, osoba koordynująca")
        self.manager = await phone("KIS Janów Lubelski, case manager")
        self.gops = await phone("GOPS Modliborzyce, osoba kierująca")
        self.pcpr = await phone("PCPR Janów Lubelski, osoba kierująca")
        self.coop = await phone("Spółdzielnia socjalna, osoba kierująca")
        self.kgw = await phone("KGW Godziszów, osoba kierująca")
        self.ngo = await phone("Stowarzyszenie Godziszów, osoba kierująca")
        self.culture = await phone("Ośrodek kultury, osoba kierująca")
        self.kis = await phone("KIS Janów Lubelski, osoba kierująca")
        for one in (self.gops, self.pcpr, self.coop, self.kgw, self.ngo, self.culture, self.kis):
            await one.sees("Zaproszenie: Spotkanie strategiczne, czwartek, 17 grudnia 2026")

    async def the_year_is_planned(self) -> None:
        """Two rules make sixteen proposals; one date is changed, for the plan says why; then members hear of it, each once."""
        her = self.coordinator
        await her.say("/sprawy", "Moje sprawy")
        her.touches = 0
        await her.tap("Spotkania", "Spotkanie strategiczne, zwołane")
        await her.tap("Plan roku: LSR Janów Lubelski", "Plan roku 2026")
        await her.tap("2027 ›", "Na ten rok nic jeszcze nie jest zaplanowane")
        await her.tap("Zaplanuj rok 2027", "Ustalimy dwie reguły")
        await her.tap("Zaczynamy", "W które dni mają przypadać spotkania strategiczne")
        for given, then in PLAN:
            await (her.say(given[1:], then) if given.startswith("=") else her.tap(given, then))
        await her.tap("Zaproponuj terminy", "Niczego jeszcze nie wysłaliśmy")
        await her.tap("Zobacz propozycje", "mija 98 dni bez spotkania strategicznego")
        await her.tap("Dalej ›", r"6\. Czw\., 14 paź")
        planning = her.touches
        await her.tap("6", "czwartek, 14 października 2027", "Stan: propozycja")
        await her.tap("Zmień termin, miejsce lub inne szczegóły", r"1\. Termin: czwartek, 14 października 2027")
        await her.tap("1", "Kiedy ma być to spotkanie?")
        await her.say("7 października 2027 o dziesiątej", "czwartek, 7 października 2027, 10:00 – zgadza się?")
        await her.tap("Tak, zgadza się", r"1\. Termin: czwartek, 7 października 2027, 10:00")
        await her.tap("Zapisz zmianę", "Zmiana jest zapisana")
        await her.tap("Wróć do planu", "Przesunięte z terminu: czw., 14 paź")
        await her.tap("Propozycje na 2027 rok", "Nikt jeszcze nie wie o tych terminach")
        assert "98 dni" not in await her.reads("Propozycje na 2027 rok")
        her.touches = planning
        assert await self.gops.got("Terminy spotkań") == 0, "nobody hears of proposals"
        await her.tap(
            "Zatwierdź wszystkie 16 propozycji", "16 spotkań jest teraz w planie", "I kwartał: zaplanowane na 14 stycznia"
        )
        assert her.touches <= MOST_PRESSES
        await self.gops.sees("Terminy spotkań: LSR Janów Lubelski", FORMER, "czwartek, 7 października 2027")

    async def the_first_meeting_is_called_off(self) -> None:
        """The meeting the demo began with is called off with a reason; whoever was called to it is told, by chat and by letter."""
        her = self.coordinator
        await her.say("/sprawy", "Spotkanie strategiczne, czwartek, 17 grudnia 2026")
        await her.tap("Zobacz: Spotkanie strategiczne, czw., 17 gru", "Kworum: będzie 0 z 16")
        await her.tap("Odwołaj", "Dlaczego spotkanie się nie odbędzie")
        await her.say("Termin koliduje z obradami rady powiatu.", r"1\. Powód: Termin koliduje")
        await her.tap("Odwołaj spotkanie", "dostaną wiadomość")
        for one in (self.gops, self.culture):
            await one.sees("Odwołane: Spotkanie strategiczne, czwartek, 17 grudnia 2026", "Termin koliduje")
        letter = await letter_to(self.manager, LIBRARY, "Odwołane: Spotkanie strategiczne, czwartek, 17 grudnia 2026")
        assert letter["calendar"]["method"] == "CANCEL"

    async def people_are_called_and_answer(self) -> None:
        """Yes; no, and why; a substitute; yes on a page by a letter's link; yes and then no; "będę" typed into the chat."""
        her = self.coordinator
        await her.tap("Moje sprawy", "Moje sprawy")
        await her.tap("Spotkania", r"2\. czwartek, 14 stycznia 2027")
        await her.tap("2", "Stan: zaplanowane")
        await her.tap("Zwołaj", "Zaprosimy 16 instytucji")
        await her.tap("Tak, zwołaj", "Zaproszenia są w drodze")
        call = f"Zaproszenie: Spotkanie strategiczne, {FORMER}"
        await self.gops.sees(call)
        await self.gops.tap("Będziemy", r"Zapisano\. GOPS Modliborzyce: będzie na spotkaniu", "będzie 1 z 16")
        await self.gops.phone.tap("Dodaj do kalendarza")
        entry = await self.gops.phone.wait_for(lambda said: bool(said.raw["document"]) and not said.text)
        assert entry.raw["document"]["name"] == "spotkanie.ics"
        await self.pcpr.sees(call)
        await self.pcpr.tap("Nie będzie nas", r"Zapisano\. PCPR Janów Lubelski: nie będzie")
        await self.pcpr.tap("Podaj powód (nieobowiązkowo)", "Dlaczego Państwa instytucji nie będzie")
        await self.pcpr.say("Tego dnia mamy kontrolę.", r"1\. Powód: Tego dnia mamy kontrolę")
        await self.pcpr.tap("Zapisz", "Odpowiedź można zmienić do końca spotkania")
        await self.coop.sees(call)
        await self.coop.tap("Będzie zastępstwo", "nie wskazała jeszcze nikogo")
        await self.coop.tap("Wskaż osobę", "Proszę podać imię i nazwisko")
        await self.coop.say("Joanna Kawka", "Na jaki adres e-mail")
        await self.coop.say(SUBSTITUTE, "Na jak długo")
        await self.coop.tap("Tylko na to spotkanie", "Proszę sprawdzić odpowiedzi", SUBSTITUTE)
        await self.coop.tap("Zatwierdź zastępstwo", "będzie osoba zastępująca")
        await letter_to(self.manager, SUBSTITUTE, call)
        await self.kgw.sees(call)
        await self.kgw.tap("Będziemy", r"Zapisano\. KGW Godziszów: będzie")
        await self.kgw.tap("Nie będzie nas", r"Zapisano\. KGW Godziszów: nie będzie")
        await self.ngo.sees(call)
        await self.ngo.say("będę", r"Zapisano\. Stowarzyszenie Godziszów: będzie")
        await self._answered_by_letter(call)
        await her.tap("Kto będzie", "będzie 4 z 16; brakuje 4 instytucji do kworum", r"Biblioteka Modliborzyce: będzie\n")
        read = await her.reads("Kto będzie", "Bez odpowiedzi: 10 instytucji")
        assert "PCPR Janów Lubelski: nie będzie" in read
        assert "Tego dnia mamy kontrolę" in read

    async def an_item_is_proposed_and_taken(self) -> None:
        """A member proposes a matter; the coordinator takes it on the agenda."""
        await self.culture.tap("Zobacz spotkanie", "Kworum: będzie 4 z 16")
        await self.culture.tap("Porządek obrad", "Propozycje można zgłaszać do")
        await self.culture.tap("Zgłoś punkt", "Jaki temat ma być omówiony")
        await self.culture.say(WISH, "Co warto wiedzieć przed spotkaniem")
        await self.culture.tap("Pomiń", rf"1\. Temat: {WISH}")
        await self.culture.tap("Zgłoś punkt", "Propozycja jest wysłana")
        her = self.coordinator
        await her.tap("Wróć do spotkania", "Porządek obrad: 6 punktów")
        await her.tap("Porządek obrad (1 propozycja czeka)", "Propozycje można zgłaszać do: niedziela, 10 stycznia 2027")
        await her.tap(f"Propozycja, Ośrodek kultury: {WISH}", "Stan: czeka na odpowiedź")
        await her.tap("Włącz do porządku obrad", rf"\d\. {WISH}")

    async def the_silent_are_reminded_by_hand(self) -> None:
        """The preview names exactly who will be reminded; a second one so soon is warned of."""
        her = self.coordinator
        await her.tap("Spotkanie", "Porządek obrad: 7 punktów")
        await her.tap("Przypomnij", r"Przypomnieć 10 instytucjom\?")
        read = await her.reads(r"Przypomnieć 10 instytucjom\?")
        for name in (
            "Ośrodek kultury: osoba kierująca",
            "KIS Janów Lubelski: osoba kierująca",
            "PUP Janów Lubelski: osoba kierująca",
        ):
            assert name in read
        for name in ("GOPS Modliborzyce", "PCPR", "Spółdzielnia", "KGW", "Stowarzyszenie", "Biblioteka"):
            assert name not in read, "whoever has answered gets none"
        await self.sandbox.fault("smtp", "mail", code=550)  # one address takes nothing any more
        await her.tap("Przypomnij teraz", "Kto odpowie, zanim wyślemy, nie dostanie przypomnienia")
        await self.culture.has(1, f"Prosimy o odpowiedź: Spotkanie strategiczne, {FORMER}")
        await her.tap("Wróć do spotkania", "Porządek obrad: 7 punktów")
        await her.tap("Przypomnij", "mniej niż 24 godziny temu")
        await her.tap("Wróć do listy", "Bez odpowiedzi: 10 instytucji")
        await her.tap("Wróć do spotkania", "Porządek obrad: 7 punktów")
        await letter_to(self.manager, LAST_BY_LETTER, f"Prosimy o odpowiedź: Spotkanie strategiczne, {FORMER}")
        await her.tap("Co wysłano i z jakim skutkiem", "przypomnienie – wysłano, Telegram", "przypomnienie – wysłano, e-mail")
        await her.tap("Dalej ›", r"GOPS Godziszów: osoba kierująca: przypomnienie – nie dotarło")
        await her.tap("Wróć do spotkania", "Porządek obrad: 7 punktów")

    async def the_clock_reminds(self, moment: datetime, day: str, times: int) -> None:
        """The clock goes on to a moment a reminder is due at; the silent have so many by now."""
        await go_on(self.sandbox, moment)
        title = f"Prosimy o odpowiedź: Spotkanie strategiczne, {day}"
        for one in (self.culture, self.kis):
            await one.has(times, title)
        await letter_to(self.manager, LAST_BY_LETTER, title, times)

    async def the_meeting_moves(self) -> None:
        """The meeting gets another date: everybody who was told is told again, and asked anew. One has blocked the bot and gets a letter."""
        await self.kgw.phone.block()
        her = self.coordinator
        await her.tap("Zmień", "Co się zmienia")
        await her.mark("Termin")
        await her.tap("Gotowe", "Na kiedy przenosimy spotkanie")
        await her.say("21 stycznia 2027 o 10", f"{MEETING}, 10:00 – zgadza się")
        await her.tap("Tak, zgadza się", "Jaki jest powód zmiany")
        await her.say("Sala jest zajęta.", "Powód: Sala jest zajęta")
        await her.tap("Zmień spotkanie", "dostaną")
        title = f"Zmiana: Spotkanie strategiczne, {MEETING}"
        for one in (self.gops, self.pcpr, self.ngo, self.culture, self.kis):
            await one.sees(title, "Sala jest zajęta")
        await letter_to(self.manager, "kgw@godziszow.example", title)
        # Whoever was to come instead was named for the former date: the institution is asked anew, and they are told as well.
        told = await letter_to(self.manager, SUBSTITUTE, f"Zaproszenie nieaktualne: Spotkanie strategiczne, {MEETING}")
        assert told["calendar"]["method"] == "CANCEL"
        await self.gops.tap("Będziemy", r"Zapisano\. GOPS Modliborzyce: będzie", MEETING)
        await self.ngo.tap("Będziemy", r"Zapisano\. Stowarzyszenie Godziszów: będzie", MEETING)
        await self._answered_by_letter(title)

    async def the_report_is_written(self) -> None:
        """The case manager reports in numbers; what could point at single people is not shown."""
        await self.manager.say("/sprawy", "Moje sprawy", "21 stycznia 2027")
        await self.manager.tap("Napisz sprawozdanie: czw., 21 sty", "Podaje się w nim tylko liczby")
        await self.manager.tap("Zaczynamy", "Ile osób jest teraz w procesie")
        await self.manager.say("14", "Ile osób przystąpiło")
        await self.manager.say("5", "Ile osób zakończyło")
        await self.manager.say("1", "Co utrudniało pracę")
        await self.manager.mark("6")
        await self.manager.tap("Gotowe", "O co prosimy partnerów")
        await self.manager.say("Prosimy o dwa miejsca na kursie.", r"5\. Prośby do partnerów: Prosimy o dwa miejsca")
        await self.manager.tap("Zapisz sprawozdanie", "Sprawozdanie jest zapisane")
        await self.gops.tap("Porządek obrad", WISH)
        await self.gops.tap("Spotkanie", rf"{MEETING}.*\n(.*\n)*Porządek obrad: 7 punktów")
        await self.gops.tap("Sprawozdanie ze stanu procesu", "Przystąpiło: 5", "Zakończyło: mniej niż 3", "Prosimy o dwa miejsca")
        await self.gops.tap("Porządek obrad", WISH)

    async def the_meeting_is_held(self) -> None:
        """One shows the code of the day, the coordinator ticks the others; the quorum is there, and goes when somebody leaves."""
        await go_on(self.sandbox, datetime(2027, 1, 21, 9, 50, tzinfo=WARSAW))
        her = self.coordinator
        await her.say("/sprawy", "Moje sprawy", "21 stycznia 2027")
        await her.tap("Spotkania", rf"1\. {MEETING}, 10:00")
        await her.tap("1", "Prowadzi", MEETING)
        await her.tap("Obecność", "Obecnych teraz: 0 z 16")
        (code,) = re.findall(r"Kod na dziś: (\d{3} \d{3})", await her.reads("Kod na dziś"))
        await self.gops.say(code, "Zapisano obecność: GOPS Modliborzyce", "Obecnych teraz: 1 z 16 instytucji")
        for nth, name in enumerate(TICKED, 1):
            await her.tap(await self._line(name), f"Obecnych teraz: {nth + 1} z 16 instytucji", rf"{name}: jest od 09:5\d")
        await her.sees("8 z 16 instytucji, kworum 8: jest")
        await her.tap(await self._line("Spółdzielnia socjalna"), "Wychodzi teraz|Spółdzielnia socjalna")
        await her.tap("Wychodzi teraz", "Spółdzielnia socjalna: wyjście o|wyjście o")
        await go_on(self.sandbox, datetime(2027, 1, 21, 12, 1, tzinfo=WARSAW))
        await her.say("/sprawy", "czy się odbyło|Odbyło się|odbyło")
        await her.tap("Odbyło się: czw., 21 sty", "Zapisano: spotkanie się odbyło")
        await her.tap("Moje sprawy", "Moje sprawy")
        await her.tap("Spotkania", "Plan|Spotkania")
        await her.tap("Plan roku: LSR Janów Lubelski", "I kwartał: odbyło się 21 stycznia")

    async def the_phones_got_each_thing_once(self) -> None:
        """What has arrived on phones and in the mailbox, counted."""
        for one in (self.gops, self.ngo):
            assert await one.got("Prosimy o odpowiedź: Spotkanie strategiczne") == 0, "they had answered, each time"
        assert await self.culture.got(f"Prosimy o odpowiedź: Spotkanie strategiczne, {FORMER}") == 2
        assert await self.culture.got(f"Prosimy o odpowiedź: Spotkanie strategiczne, {MEETING}") == len(AHEAD)
        for one in (self.gops, self.pcpr, self.culture, self.kis):
            assert await one.got(f"Zaproszenie: Spotkanie strategiczne, {FORMER}") == 1
            assert await one.got(f"Zmiana: Spotkanie strategiczne, {MEETING}") == 1
            assert await one.got("Odwołane: Spotkanie strategiczne, czwartek, 17 grudnia 2026") == 1
        letters = Counter((letter["subject"], *letter["to"]) for letter in await self.sandbox.letters())
        of_library = {subject: times for (subject, whose), times in letters.items() if whose == LIBRARY}
        assert set(of_library.values()) == {1}
        assert not [subject for subject in of_library if subject.startswith("Prosimy o odpowiedź: Spotkanie strategiczne")]

    async def _line(self, name: str) -> str:
        """Give the number an institution has on the coordinator's list of who is there."""
        read = await self.coordinator.reads("Obecność", "Obecnych teraz")
        (number,) = re.findall(rf"^(\d+)\. {name}:", read, re.MULTILINE)
        return str(number)

    async def _answered_by_letter(self, subject: str) -> None:
        """The head of the library follows the personal link in the letter, and answers on the page."""
        came = await letter_to(self.manager, LIBRARY, subject)
        link = URL(re.findall(r"http://\S+/e/\S+", came["text"])[0])
        async with Browser(link.origin()) as browser:
            door = await browser.get(link.path)
            page = await browser.follow(await browser.send(door.press("Wejdź")))
            assert "Biblioteka Modliborzyce" in page.text
            answered = await browser.follow(await browser.send(page.press("Będziemy")))
            assert "Zapisano. Biblioteka Modliborzyce: będzie na spotkaniu." in answered.text


def _entries(uow: UnitOfWork) -> dict[str, tuple[Entry, ...]]:
    """Read the ledger of the two strategic meetings, as the coordinator may."""
    body = bodies.find(uow, "lsr-janow-lubelski").id
    found = [one for one in facts.of_body(uow, body, date(2026, 12, 1), date(2027, 1, 31)) if one.kind == "strategic"]
    return {one.status: ledger.of_meeting(uow, OPERATOR, one.id)[1] for one in found}


def _counted(found: dict[str, tuple[Entry, ...]]) -> None:
    """Count: one message of a kind to a place, one arrival a notice, none to remind whoever had answered; what was refused is on record."""
    called_off, held = found["cancelled"], found["held"]
    once = [one.told for one in (*called_off, *held) if one.told.occasion not in MANY and one.told.by]
    assert set(Counter((one.subject, one.recipient, one.occasion) for one in once).values()) == {1}
    arrivals = [sum(one.state == "sent" for one in entry.told.tries) for entry in (*called_off, *held)]
    assert max(arrivals) == 1
    assert all(entry.told.outcome is not None for entry in (*called_off, *held)), "nothing is left waiting"
    times = Counter((one.told.recipient, one.told.due_at) for one in held if one.told.occasion == "meeting.reminder")
    assert set(times.values()) == {1}
    reminded = {one.whose for one in held if one.told.occasion == "meeting.reminder" and one.told.outcome == "sent"}
    assert "Ośrodek kultury" in reminded
    assert not reminded & {"GOPS Modliborzyce", "Biblioteka Modliborzyce", "Stowarzyszenie Godziszów"}
    refused = [one for one in held if one.told.outcome == "refused"]
    assert len(refused) == 1
    assert refused[0].told.why
    (moved,) = [one for one in held if one.whose == "KGW Godziszów" and one.told.occasion == "meeting.changed"]
    assert moved.told.by == ("mail",), "the bot was blocked, so a letter went"
