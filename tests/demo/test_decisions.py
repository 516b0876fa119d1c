"""The demo's meeting decides: by consensus, in a second round, in an open and in a secret ballot, without a quorum, at a tie; by circulation.

Everybody has a phone, and nothing is pressed that is not on it. In the end each decision is counted again from its export.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from tests.demo.world import WARSAW, Careful, begun, careful, go_on
from tests.sandbox.phone import Sandbox

from konwent_bot import app
from konwent_bot.demo import demo_settings
from konwent_bot.domain.decisions.recount import recount
from konwent_bot.office import bodies
from konwent_bot.office.decisions import export, register
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.unit import UnitOfWork

#: The meeting the demo begins with, half an hour after its beginning.
MEETING: Final = datetime(2026, 12, 17, 10, 30, tzinfo=WARSAW)
#: Who is there: those with a phone, and two without.
THERE: Final = (
    "Biblioteka Modliborzyce", "GOPS Godziszów", "GOPS Modliborzyce", "KGW Godziszów", "KIS Janów Lubelski", "Ośrodek kultury",
    "PCPR Janów Lubelski", "Spółdzielnia socjalna", "Stowarzyszenie Godziszów",
)  # fmt: skip
#: What the register says in the end: number, how, what, and its sentence.
REGISTER: Final = (
    ("1/2026", "consensus", "passed", "Wspólny kalendarz"),
    ("2/2026", "consensus", "passed", "Dyżur we wtorki"),
    ("3/2026", "open", "passed", "Biuletyn sieci"),
    ("4/2026", "secret", "failed", "Nowa siedziba"),
    ("5/2026", "open", "failed", "Letni festyn"),
    ("6/2026", "open", "void", "Wspólny wyjazd"),
    ("7/2026", "consensus", "passed", "Kontakt na stronie"),
)


async def test_a_meeting_decides_in_every_way_there_is(tmp_path: Path) -> None:
    """Seven proposals come to seven entries of the register, each with its numbers, and whoever has the files counts the same."""
    async with begun(tmp_path) as (sandbox, data):
        story = Story(sandbox)
        await story.assemble()
        await story.the_meeting_begins()
        await story.nobody_objects()
        await story.an_objection_is_met()
        await story.an_open_ballot_is_certain_early()
        await story.a_secret_ballot_ends_by_the_clock()
        await story.as_many_for_as_against()
        await story.too_many_leave()
        await story.the_others_are_asked_by_circulation()
    async with app.open_house(demo_settings(data, 0)) as door:
        entries, files = await door.look(_register)
    assert [(one.name, one.method, one.verdict, one.title) for one in entries] == list(REGISTER)
    for entry, content in zip(entries, files, strict=True):
        again = recount(content)
        assert again.sealed, entry.name
        assert again.verdict == entry.verdict, entry.name
    secret = files[3].decode()
    assert '"votes"' not in secret
    assert secret.count("against") >= 3


class Story:
    """Everybody of it, and what they do."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    async def assemble(self) -> None:
        """Take the phones in hand."""

        async def phone(whose: str) -> Careful:
            return await careful(self.sandbox, whose)

        self.coordinator = await phone("KIS Janów Lubelski, osoba koordynująca")
        self.second = await phone("PCPR Janów Lubelski, osoba wskazana")
        self.pcpr = await phone("PCPR Janów Lubelski, osoba kierująca")
        self.gops = await phone("GOPS Modliborzyce, osoba kierująca")
        self.heads = [
            self.gops, self.pcpr,
            *[await phone(f"{name}, osoba kierująca") for name in (
                "KGW Godziszów", "KIS Janów Lubelski", "Ośrodek kultury", "Spółdzielnia socjalna", "Stowarzyszenie Godziszów",
            )],
        ]  # fmt: skip
        self.ops = await phone("OPS Janów Lubelski, osoba wskazana")

    async def the_meeting_begins(self, moment: datetime = MEETING) -> None:
        """Nine of sixteen institutions come, which is a quorum."""
        await go_on(self.sandbox, moment)
        her = self.coordinator
        await self._to_meeting()
        await her.tap("Obecność", "Obecnych teraz: 0 z 16")
        for nth, name in enumerate(THERE, 1):
            lines = await her.reads("Obecność", "Obecnych teraz")
            number = next(line.partition(".")[0] for line in lines.splitlines() if f". {name}:" in line)
            await her.tap(number, f"Obecnych teraz: {nth} z 16")

    async def nobody_objects(self) -> None:
        """A member proposes; one agrees with a press, one with words; the final call; adopted, and everybody is told."""
        await self._to_motions(self.gops)
        await self._propose(self.gops, "Wspólny kalendarz", "Od stycznia prowadzimy wspólny kalendarz wydarzeń.")
        await self.gops.tap("Zobacz wniosek", "Stan: trwa dyskusja")
        await self.gops.tap("Zabierz głos", "Co chcą Państwo powiedzieć")
        await self.gops.say("Wpisy do 25. dnia miesiąca.", "Proszę sprawdzić odpowiedzi")
        await self.gops.tap("Zapisz głos", "Głos jest zapisany")
        await self._to_motions(self.coordinator)
        await self.coordinator.tap("1", "Stan: trwa dyskusja")
        await self._ask_for_objections("Wspólny kalendarz")
        await self.gops.sees("Czy ktoś zgłasza sprzeciw. Wspólny kalendarz")
        await self.gops.tap("Zgadzam się", "Zapisano. GOPS Modliborzyce: zgadza się", "Odpowiedziało: 1 z 9")
        await self._end_round("Przyjęto przez konsensus")
        await self.gops.sees("Przyjęto: Wspólny kalendarz", "Decyzja 1/2026", "Sposób decyzji: konsensus")

    async def an_objection_is_met(self) -> None:
        """Somebody objects and says what would help; the text is changed; in the second round nobody objects."""
        await self._objected("Dyżur we wtorki", "W każdy wtorek ktoś z nas dyżuruje w urzędzie gminy.")
        her = self.coordinator
        await her.tap("Zmień treść", "Jaka jest cała nowa treść", "Dotychczasowa odpowiedź: W każdy wtorek")
        await her.say("W pierwszy wtorek miesiąca ktoś z nas dyżuruje w urzędzie gminy.", "Dlaczego treść się zmienia")
        await her.say("Po sprzeciwie PCPR: rzadziej.", "Proszę sprawdzić odpowiedzi")
        await her.tap("Zapisz nową treść", "Nowa treść jest zapisana")
        await her.tap("Zobacz wniosek", "pierwszy wtorek", "Stan: trwa dyskusja")
        await self._ask_for_objections("Dyżur we wtorki")
        await self.pcpr.sees("Czy ktoś zgłasza sprzeciw. Dyżur we wtorki", "pierwszy wtorek")
        await self.pcpr.tap("Zgadzam się", "Zapisano. PCPR Janów Lubelski: zgadza się", "Runda: 2")
        await self._end_round("Przyjęto przez konsensus")

    async def an_open_ballot_is_certain_early(self) -> None:
        """Votes are changed; the proper person's prevails over the second's; closed as soon as nothing can change the result."""
        await self._objected("Biuletyn sieci", "Raz na kwartał wydajemy biuletyn sieci.")
        await self._open("Głosowanie jawne", "Otwórz na 10 minut", "Biuletyn sieci")
        first, *others = self.heads
        await first.sees("Głosowanie: Biuletyn sieci", "Prosimy o głos")
        await first.tap("Przeciw", "Zapisano: GOPS Modliborzyce, przeciw", "Głosowało dotąd: 1 z 9")
        await first.tap("Za", "Zapisano: GOPS Modliborzyce, za", "Głosowało dotąd: 1 z 9")
        await self.coordinator.tap("Zamknij głosowanie", "nie można jeszcze zamknąć")
        await self.second.say("przeciw", "Zapisano: PCPR Janów Lubelski, przeciw")
        await self.pcpr.sees("Głosowanie: Biuletyn sieci")
        await self.pcpr.tap("Za", "Zapisano: PCPR Janów Lubelski, za", "Głosowało dotąd: 2 z 9")
        for one in others[1:4]:
            await one.say("za", "Zapisano: .*, za")
        await self.coordinator.tap("Zamknij głosowanie", "Głosowanie jest zamknięte", "Za 5, przeciw 0", "Przyjęto")

    async def a_secret_ballot_ends_by_the_clock(self) -> None:
        """Seven papers, none of which says whose it is; nobody sees how many there are before the clock closes the ballot."""
        await self._objected("Nowa siedziba", "Dyżury przenosimy do domu kultury.")
        await self._open("Głosowanie tajne", "Otwórz na 3 minuty", "Nowa siedziba")
        for nth, one in enumerate(self.heads):
            await one.sees("Głosowanie: Nowa siedziba", "Głosowanie tajne")
            await one.tap("Zobacz głosowanie", "głos jeszcze nieoddany")
            await one.tap("Głosuj", "Liczy się pierwszy głos instytucji", "uczciwości operatora")
            await one.tap("Za" if nth < 3 else "Przeciw", "Oddać ten głos")
            await one.tap("Tak, oddaję ten głos", "Głos oddany", "głos oddany")
            assert "z 9" not in await one.reads("Głos oddany")
        await self._pass(minutes=4)
        await self.gops.sees("Nie przyjęto: Nowa siedziba", "Za 3, przeciw 4")
        await self.gops.tap("Zobacz decyzję", "Sposób decyzji: głosowanie tajne")
        assert "GOPS Modliborzyce" not in await self.gops.reads("Sposób decyzji: głosowanie tajne")

    async def as_many_for_as_against(self) -> None:
        """A tie decides nothing."""
        await self._objected("Letni festyn", "W czerwcu robimy wspólny festyn.")
        await self._open("Głosowanie jawne", "Otwórz na 3 minuty", "Letni festyn")
        for nth, one in enumerate(self.heads[:4]):
            await one.sees("Głosowanie: Letni festyn")
            await one.tap("Za" if nth % 2 else "Przeciw", "Zapisano: ")
        await self._pass(minutes=4)
        await self.gops.sees("Nie przyjęto: Letni festyn|Letni festyn", "Za 2, przeciw 2")

    async def too_many_leave(self) -> None:
        """There was a quorum when the ballot opened, and none when it closed."""
        await self._objected("Wspólny wyjazd", "Jedziemy razem do Lublina.")
        await self._open("Głosowanie jawne", "Otwórz na 3 minuty", "Wspólny wyjazd")
        for one in self.heads[:3]:
            await one.sees("Głosowanie: Wspólny wyjazd")
            await one.tap("Za", "Zapisano: ")
        her = self.coordinator
        await self._to_meeting()
        await her.tap("Obecność", "Obecnych teraz: 9 z 16")
        for left, name in enumerate(("GOPS Godziszów", "Biblioteka Modliborzyce"), 1):
            lines = await her.reads("Obecność", "Obecnych teraz")
            number = next(line.partition(".")[0] for line in lines.splitlines() if f". {name}:" in line)
            await her.tap(number, "Wychodzi teraz|" + name)
            await her.tap("Wychodzi teraz", f"Obecnych teraz: {9 - left} z 16|wyjście")
            await self._to_meeting()
            await her.tap("Obecność", f"Obecnych teraz: {9 - left} z 16")
        await self._pass(minutes=4)
        await self.gops.sees("Wspólny wyjazd", "Decyzja 6/2026")
        await self.gops.tap("Zobacz decyzję", "głosowanie nieważne", "Kworum: 9 z 16, przy zamknięciu 7, wymagane 8")

    async def the_others_are_asked_by_circulation(self) -> None:
        """Everybody is asked without a meeting; the clock closes the round at its day's end."""
        her = self.coordinator
        await her.say("/sprawy", "Moje sprawy")
        await her.tap("Spotkania", "Spotkania")
        await her.tap("Wnioski: LSR Janów Lubelski", "Wnioski do decyzji")
        await her.tap("Zgłoś wniosek w trybie obiegowym", "w trybie obiegowym")
        await self._answer(her, "Kontakt na stronie", "Każda instytucja podaje na stronie kontakt do osoby wskazanej.")
        await her.tap("Zobacz wniosek", "Stan: trwa dyskusja")
        await self._ask_for_objections("Kontakt na stronie", asked=16)
        for one in self.heads:
            await one.sees("Czy ktoś zgłasza sprzeciw. Kontakt na stronie")
            await one.tap("Zgadzam się", "Zapisano. ")
        # Who directs OPS has no phone; the designated person finds the matter at home.
        await self.ops.say("/sprawy", "Kontakt na stronie")
        await self.ops.tap(await self._key(self.ops, "Odpowiedz: Kontakt"), "Czy ktoś zgłasza sprzeciw")
        await self.ops.tap("Zgadzam się", "Zapisano. OPS Janów Lubelski: zgadza się", "Odpowiedziało: 8 z 16")
        await self._pass(days=12)  # the day ends on Christmas Eve, and nobody is told of anything at Christmas
        await self.gops.sees("Przyjęto: Kontakt na stronie", "Decyzja 7/2026")

    # --- steps of it ---

    async def _to_meeting(self) -> None:
        her = self.coordinator
        await her.say("/sprawy", "Moje sprawy")
        await her.tap("Spotkania", r"1\. czwartek, 17 grudnia 2026, 10:00")
        await her.tap("1", "^Spotkanie strategiczne", r"Porządek obrad: \d")

    async def _to_motions(self, who: Careful) -> None:
        await who.say("/sprawy", "Moje sprawy")
        await who.tap("Spotkania", r"1\. czwartek, 17 grudnia 2026, 10:00")
        await who.tap("1", "^Spotkanie strategiczne", r"Porządek obrad: \d")
        said = await who.phone.wait_for(
            lambda said: said.text.startswith("Spotkanie strategiczne") and "Porządek obrad" in said.text
        )
        await who.tap(next((one for one in said.labels if one.startswith("Wnioski")), str(said.labels)), "Wnioski do decyzji")

    async def _propose(self, who: Careful, title: str, text: str) -> None:
        await who.tap("Zgłoś wniosek", "Najpierw jest dyskusja|Jak krótko nazwać")
        await self._answer(who, title, text)

    async def _answer(self, who: Careful, title: str, text: str) -> None:
        opened = await who.phone.wait_for(lambda said: "Zaczynamy" in said.labels or "Jak krótko nazwać" in said.text)
        if "Zaczynamy" in opened.labels:  # whoever has proposed something before is asked at once
            await who.tap("Zaczynamy", "Jak krótko nazwać")
        await who.say(title, "O czym dokładnie")
        await who.say(text, f"Zapisano. Treść: {text}")
        passed: set[str] = set()
        while True:  # what may be left out: a point of the agenda, a day, a decision to take the place of
            said = await who.phone.wait_for(
                lambda said: (
                    ("Proszę sprawdzić" in said.text and title in said.text)
                    or ("Pomiń" in said.labels and said.text not in passed)
                )
            )
            if "Proszę sprawdzić" in said.text:
                break
            passed.add(said.text)
            await who.phone.tap("Pomiń")
        await who.tap("Zgłoś wniosek", "Wniosek jest zgłoszony")

    async def _ask_for_objections(self, title: str, *, asked: int = 9) -> None:
        her = self.coordinator
        await her.tap("Zamknij dyskusję", "Dyskusja jest zamknięta", title)
        await her.tap("Zapytaj, czy ktoś zgłasza sprzeciw", f"Pytamy {asked} instytucji", title)

    async def _end_round(self, sentence: str) -> None:
        her = self.coordinator
        await her.tap("Zapytaj ostatni raz: kto zgłasza sprzeciw?", "Proszę zapytać na głos")
        await her.tap("Zakończ rundę", "Zakończyć rundę")
        await her.tap("Tak, zakończ rundę", "Runda jest zakończona", sentence)

    async def _objected(self, title: str, text: str) -> None:
        """Bring a proposal to an objection, and the coordinator to its page."""
        her = self.coordinator
        await self._to_motions(her)
        await self._propose(her, title, text)
        await her.tap("Zobacz wniosek", "Stan: trwa dyskusja")
        await self._ask_for_objections(title)
        await self.pcpr.sees(f"Czy ktoś zgłasza sprzeciw. {title}")
        await self.pcpr.tap("Zobacz i odpowiedz", title, "PCPR Janów Lubelski: brak odpowiedzi")
        await self.pcpr.tap("Zgłaszam sprzeciw", "Dlaczego Państwa instytucja zgłasza sprzeciw")
        await self.pcpr.say("Nie mamy tylu ludzi.", "Co by pomogło")
        await self.pcpr.say("Rzadziej.", "Proszę sprawdzić odpowiedzi")
        await self.pcpr.tap("Zgłoś sprzeciw", "Sprzeciw jest zapisany")
        await self._end_round("konsensusu nie ma")
        await her.tap("Wniosek", "Stan: zgłoszono sprzeciw", title)

    async def _open(self, kind: str, length: str, title: str) -> None:
        her = self.coordinator
        await her.tap("Poddaj pod głosowanie", "Jak głosujemy", "Może głosować: 9 z 16")
        await her.tap(kind, "Jak długo można głosować", kind)
        await her.tap(length, "Głosowanie jest otwarte", title)

    async def _key(self, who: Careful, *words: str) -> str:
        """Give the label of the newest message that begins with one of these words, the first that is there."""
        labels = (await who.phone.read()).labels
        found = next((label for word in words for label in labels if label.startswith(word)), None)
        assert found is not None, labels
        return found

    async def _pass(self, **time: float) -> None:
        await self.sandbox.move_clock(timedelta(**time).total_seconds())


def _register(uow: UnitOfWork) -> tuple[list[register.Entry], list[bytes]]:
    """Read the register, the oldest first, and each decision's export."""
    body = bodies.find(uow, "lsr-janow-lubelski").id
    entries = sorted(register.search(uow, OPERATOR, body).entries, key=lambda one: one.id)
    return entries, [export.decision(uow, OPERATOR, one.id).content for one in entries]
