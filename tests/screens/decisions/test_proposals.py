"""Proposals and the search for consensus on screens: who is asked for whom, what whoever leads sees, what old and forged buttons do."""

from __future__ import annotations

from typing import Final, get_args

import pytest
from tests.conversations.house import dump
from tests.screens.decisions.test_ballots import also_speaks_for, offered
from tests.screens.personas import ANNA, BOGDAN, GOPS, IDA, KINGA, LIBRARY, STRANGER, Stage, stage
from tests.screens.proposed import BUTTONS, OPS, TEXT
from tests.screens.test_refusals import heard, is_refusal, refused, visit, words

from konwent_bot import i18n
from konwent_bot.office.acts import ACTS
from konwent_bot.office.decisions import facts, rounds, rule_proposals, settings
from konwent_bot.office.decisions.proposal_news import Asked, Happened, ProposalNews, RoundNews
from konwent_bot.office.door import Door
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import CARD, Subject
from konwent_bot.screens import closing, messages, reception
from konwent_bot.screens import proposal_intents as w
from konwent_bot.screens.ballot_intents import AskBallot, SeeDecision
from konwent_bot.screens.intents import Begin, ChooseLanguage, Home, Intent
from konwent_bot.screens.reception import Visitor
from konwent_bot.screens.screen import Screen
from konwent_bot.screens.visiting import Given

PL: Final = i18n.translator("pl")


async def stands(door: Door, consensus: int, membership: int) -> tuple[str, str, str]:
    """Give what an institution says in a round."""
    place = (await door.look(lambda uow: rounds.get(uow, consensus))).place(membership)
    return place.stance, place.reason, place.remedy


def kinds(screen: Screen) -> set[type[Intent]]:
    """Give the kinds of what a screen leads to."""
    return {type(one) for one in offered(screen)}


# --- institutions -----------------------------------------------------------------------------------------------------


async def test_whoever_speaks_for_two_institutions_is_asked_for_each(door: Door) -> None:
    """Anna also speaks for OPS: home and the round name the institution, and each answer is that one's alone."""
    made = await stage(door)
    s, ops = made.proposed, await also_speaks_for(door, made, OPS)
    home, t = await visit(door, ANNA, Home())
    said = words(home.screen, t)
    for name in (GOPS, OPS):
        assert f"{name}: Odpowiedz: Punkt informacyjny" in said
    reply, t = await visit(door, ANNA, w.SeeRound(s.round))
    assert w.TakeStance not in kinds(reply.screen)
    assert {w.AskStance(s.round, s.gops), w.AskStance(s.round, ops)} <= set(offered(reply.screen))
    reply, _ = await visit(door, ANNA, w.AskStance(s.round, ops))
    assert {one.membership for one in offered(reply.screen) if isinstance(one, w.TakeStance)} == {ops}
    reply, _ = await visit(door, ANNA, w.TakeStance(s.round, ops, "stand_aside"))
    assert reply.screen.notice == "Zapisano. OPS Janów Lubelski: nie popiera, ale nie blokuje."
    assert (await stands(door, s.round, ops), await stands(door, s.round, s.gops)) == (("stand_aside", "", ""), ("", "", ""))


async def test_home_says_what_is_discussed_after_what_is_asked(door: Door) -> None:
    """Anna finds both proposals under discussion behind everything that awaits her, no withdrawn or decided one; Ida finds none."""
    made = await stage(door)
    s = made.proposed
    home, _ = await visit(door, ANNA, Home())
    said = [place for place, line in enumerate(home.screen.items) if "trwa dyskusja nad wnioskiem" in line]
    assert len(said) == 2
    assert max(place for place, line in enumerate(home.screen.items) if "czy ktoś zgłasza sprzeciw" in line) < min(said)
    assert {w.SeeMotion(s.open), w.SeeMotion(s.waiting)} <= set(offered(home.screen))
    assert not {w.SeeMotion(s.withdrawn), w.SeeMotion(s.ready)} & set(offered(home.screen))
    home, t = await visit(door, IDA, Home())
    assert "trwa dyskusja" not in words(home.screen, t)


async def test_the_proper_person_s_answer_stands(door: Door) -> None:
    """Anna, who heads GOPS, has agreed; her colleague Bogdan is told why his press does not count, above what stands."""
    made = await stage(door)
    s = made.proposed
    await visit(door, BOGDAN, w.TakeStance(s.round, s.gops, "stand_aside"))
    await visit(door, ANNA, w.TakeStance(s.round, s.gops, "agree"))
    reply, _ = await visit(door, BOGDAN, w.TakeStance(s.round, s.gops, "stand_aside"))
    assert reply.refusal is not None
    assert reply.screen.problem == PL("The proper person of this institution has spoken already, and that stands.")
    assert (GOPS, "zgadza się") in reply.screen.facts
    assert await stands(door, s.round, s.gops) == ("agree", "", "")


async def test_typed_words_are_a_stance_where_exactly_one_round_waits(door: Door) -> None:
    """With three rounds waiting "zgadzam się" means nothing; with one left it is read back, and "sprzeciw" asks for the reason."""
    made = await stage(door)
    s = made.proposed
    await visit(door, ANNA, Home())  # her card is not what she sees any more
    reply, _ = await heard(door, "zgadzam się")
    assert reply.at == Home()
    for one in (s.round, s.called_round):
        await visit(door, ANNA, w.TakeStance(one, s.gops, "agree"))
    reply, _ = await heard(door, "Sprzeciw!")
    assert reply.talk is not None
    assert (reply.talk.subject.act, reply.talk.subject.consensus) == ("stance.object", s.far_round)
    assert await stands(door, s.far_round, s.gops) == ("", "", ""), "nothing counts before the reason"
    await visit(door, ANNA, Home())
    reply, _ = await heard(door, "Zgadzam się.")
    assert reply.screen.notice == "Zapisano. GOPS Modliborzyce: zgadza się."


def test_a_draft_for_a_meeting_is_none_by_circulation() -> None:
    """A meeting, a network and a proposal may have the same number: a conversation begun about one is never gone on with about another."""
    for act in ("proposal.enter", "rule.propose"):
        about = (
            Subject(act, 1, meeting=1, membership=1),
            Subject(act, 1, membership=1),
            Subject(act, 1, proposal=1, membership=1),
        )
        assert len({one.key for one in about}) == len(about)


# --- whoever leads ----------------------------------------------------------------------------------------------------


async def test_what_is_said_aloud_is_noted_until_the_institution_speaks(door: Door) -> None:
    """Kinga notes an objection with its words; GOPS then answers for itself, and nothing can be noted over that."""
    made = await stage(door)
    s = made.proposed
    visitor = Visitor(KINGA, "pl", given=Given(fields={"reason": "Za mało sal.", "remedy": "Dwie sale"}))
    reply, _ = await door.act(lambda uow: reception.answer(uow, visitor, w.NoteStance(s.round, s.gops, "object")))
    assert reply.screen.notice == "Zapisano. GOPS Modliborzyce: zgłasza sprzeciw. Za mało sal. Co by pomogło: Dwie sale."
    assert w.AskNote(s.round, s.gops) in offered(reply.screen)
    await visit(door, ANNA, w.TakeStance(s.round, s.gops, "agree"))
    reply, _ = await visit(door, KINGA, w.SeeStances(s.round))
    assert w.AskNote(s.round, s.gops) not in offered(reply.screen)
    reply, t = await visit(door, KINGA, w.NoteStance(s.round, s.gops, "stand_aside"))
    assert is_refusal(reply.screen, t)
    assert await stands(door, s.round, s.gops) == ("agree", "", "")
    reply, _ = await visit(door, ANNA, w.SeeStances(s.round))
    assert w.AskNote not in kinds(reply.screen), "only whoever leads notes"


async def test_a_round_goes_from_the_final_call_to_the_decision(door: Door) -> None:
    """Before the call nothing closes; then Kinga is asked once more; the result has its numbers, and leads to the decision."""
    made = await stage(door)
    s = made.proposed
    reply, _ = await visit(door, KINGA, w.SeeRound(s.round))
    assert w.CallRound in kinds(reply.screen)
    assert w.AskCloseRound not in kinds(reply.screen)
    reply, t = await visit(door, KINGA, w.CloseRound(s.round))
    assert is_refusal(reply.screen, t)
    reply, _ = await visit(door, KINGA, w.CallRound(s.round))
    assert w.AskCloseRound in kinds(reply.screen)
    reply, t = await visit(door, KINGA, w.AskCloseRound(s.round))
    assert "Nikt nie zgłasza sprzeciwu, więc wniosek będzie przyjęty przez konsensus." in words(reply.screen, t)
    assert "2 instytucje nie odpowiedziały." in words(reply.screen, t)
    reply, t = await visit(door, KINGA, w.CloseRound(s.round))
    assert "Zgoda 0, zgoda z zastrzeżeniem 1, bez poparcia i bez sprzeciwu 0, sprzeciw 0, bez głosu 2." in words(reply.screen, t)
    assert SeeDecision in kinds(reply.screen)
    again, _ = await visit(door, KINGA, w.CloseRound(s.round))
    assert again.refusal is None, "a second tap shows the same"
    reply, _ = await visit(door, ANNA, w.TakeStance(s.round, s.gops, "agree"))
    assert reply.screen.problem == PL("This round is over, so nothing can be said in it any more.")


async def test_an_objection_leads_on_by_every_way_there_is(door: Door) -> None:
    """After a round with an objection Kinga is offered another text, another day, a ballot; Anna, whose proposal it is not, nothing."""
    made = await stage(door)
    s = made.proposed
    await visit(door, KINGA, w.CloseRound(s.called_round))
    reply, _ = await visit(door, KINGA, w.SeeMotion(s.called))
    assert {w.AmendMotion, w.ReopenDiscussion, w.PostponeMotion, w.AskWithdraw, AskBallot} <= kinds(reply.screen)
    reply, t = await visit(door, ANNA, w.SeeMotion(s.called))
    assert not {w.AmendMotion, w.ReopenDiscussion, w.PostponeMotion, w.AskWithdraw, AskBallot} & kinds(reply.screen)
    assert "zgłoszono sprzeciw" in words(reply.screen, t)
    home, t = await visit(door, KINGA, Home())
    assert "wniosek „Bal w karnawale” czeka na dalszy krok (zgłoszono sprzeciw)" in words(home.screen, t)


async def test_settings_are_kept_and_said_back_in_words(door: Door) -> None:
    """One press each; a setting or a value nobody offered is refused in words and changes nothing."""
    made = await stage(door)
    body = made.proposed.body
    for setting, value, said in (
        ("proposers", "coordinator", "tylko osoba koordynująca lub przewodnicząca"),
        ("tacit", "yes", "oznacza zgodę"),
        ("circulation_days", "21", "21 dni"),
        ("ballot_minutes", "5", "5 minut"),
    ):
        reply, _ = await visit(door, KINGA, w.ChooseDecisionSetting(body, setting, value))
        assert reply.screen.notice.endswith(f": {said}.")
    assert await door.look(lambda uow: settings.of(uow, body)) == settings.DecisionSettings("coordinator", True, 21, 5)
    reply, _ = await visit(door, ANNA, w.SeeMotions(body))
    assert w.EnterMotion not in kinds(reply.screen)
    for forged in (("tacit", "maybe"), ("circulation_days", "999"), ("colour", "red")):
        reply, t = await visit(door, KINGA, w.ChooseDecisionSetting(body, *forged))
        assert is_refusal(reply.screen, t)
    assert await door.look(lambda uow: settings.of(uow, body)) == settings.DecisionSettings("coordinator", True, 21, 5)


# --- other hands, other numbers ---------------------------------------------------------------------------------------


async def test_numbers_that_were_never_given_out_open_nothing(door: Door) -> None:
    """Zero, one too many and the largest that fit, and stances there are none of: answered like anything that is not there."""
    made = await stage(door)
    s = made.proposed
    for number in (0, 777, 36**12 - 1):
        for intent in (
            w.SeeMotion(number), w.SeeMotions(number), w.SeeMeetingMotions(number), w.SeeMotionText(number, 1), w.SeeDiscussion(number),
            w.SeeRound(number), w.SeeStances(number), w.AskStance(s.round, number), w.TakeStance(number, s.gops, "agree"),
            w.TakeStance(s.round, number, "agree"), w.AskNote(s.round, number), w.NoteStance(s.round, number, "agree"),
            w.CloseRound(number), w.CallRound(number), w.OpenRound(number), w.WithdrawMotion(number), w.EnterMotion(number, 0, s.gops),
            w.EnterMotion(s.body, number or 777, s.gops), w.EnterMotion(made.ilawa.body, s.meeting, s.gops), w.SeeRule(number),
            w.ProposeRule(number, 0, s.gops), w.CommentMotion(s.open, number or 777), w.ReserveStance(s.round, number),
        ):  # fmt: skip
            for who in (ANNA, STRANGER):
                await refused(door, made, who, intent)
    for word in ("", "maybe", "object", "reserve"):
        await refused(door, made, ANNA, w.TakeStance(s.round, s.gops, word))
    for word in ("", "maybe"):
        await refused(door, made, KINGA, w.NoteStance(s.round, s.gops, word))
        await refused(door, made, KINGA, w.AskNoteWords(s.round, s.gops, word))


async def test_withdrawing_asks_first_and_ends_everything(door: Door) -> None:
    """Asked once; afterwards every button about it says that it is withdrawn, and a round of it takes no stance."""
    made = await stage(door)
    s = made.proposed
    reply, t = await visit(door, ANNA, w.AskWithdraw(s.open))
    assert "Tego nie można cofnąć" in words(reply.screen, t)
    before = await dump(door.store)
    await visit(door, ANNA, w.SeeMotion(s.open))
    assert await dump(door.store) == before, "asking and going back changes nothing"
    for who in (KINGA, KINGA):
        reply, t = await visit(door, who, w.WithdrawMotion(s.asked))
        assert reply.refusal is None
        assert "wycofano" in words(reply.screen, t)
    reply, _ = await visit(door, ANNA, w.TakeStance(s.round, s.gops, "agree"))
    assert reply.refusal is not None
    assert "Ta runda skończyła się bez wyniku" in reply.screen.paragraphs[0]
    for intent in (w.CommentMotion(s.asked, s.gops), w.OpenRound(s.asked), w.CloseDiscussion(s.asked), w.AmendMotion(s.asked)):
        reply, t = await visit(door, KINGA if not isinstance(intent, w.CommentMotion) else ANNA, intent)
        assert is_refusal(reply.screen, t), intent


# --- notices and registries -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["pl", "en", "uk"])
async def test_news_say_what_it_is_and_what_is_asked(door: Door, language: str) -> None:
    """Each message names the proposal and the body; a question names the institution and has one press that agrees, and a way to the rest."""
    made = await stage(door)
    s, t = made.proposed, i18n.translator(language)
    proposal, found = await door.look(lambda uow: (facts.get(uow, s.called), rounds.get(uow, s.called_round)))
    for what in get_args(Happened):
        screen = messages.SCREENS[ProposalNews](ProposalNews(what, proposal), t)
        assert proposal.title in screen.title
        assert screen.context == (proposal.body_name,)
        assert (TEXT.split("\n\n")[0] in screen.paragraphs) == (what in ("entered", "amended"))
        assert offered(screen) == [w.SeeMotion(s.called)]
    for asked in get_args(Asked):
        whose = (None, "") if asked == "ended" else (s.gops, GOPS)
        screen = messages.SCREENS[RoundNews](RoundNews(asked, proposal, found, *whose), t)
        assert proposal.title in screen.title
        if asked == "ended":
            assert "Nie ma na to pieniędzy." in screen.items[0]
        else:
            assert GOPS in screen.context[0]
            assert offered(screen) == [w.TakeStance(s.called_round, s.gops, "agree"), w.SeeRound(s.called_round)]
            assert screen.actions[0][0].only == "chat", "no letter agrees by being read"


def test_every_act_of_a_conversation_has_its_last_words() -> None:
    """Whoever adds an act says what is shown once it is done."""
    assert set(closing.CLOSINGS) == {*ACTS, CARD}


async def test_other_networks_see_nothing_of_it(door: Door) -> None:
    """Ida, who heads an institution of another network, is told of every button here that there is no such thing."""
    made: Stage = await stage(door)
    for make in BUTTONS.values():
        for intent in make(made.proposed):
            said = await refused(door, made, IDA, intent)
            assert LIBRARY not in said


async def test_another_rule_is_proposed_where_it_is_to_be_decided_and_read_in_each_language(door: Door) -> None:
    """From a meeting's list the way leads to a proposal for that meeting; whoever reads English reads the rule in English."""
    made = await stage(door)
    s = made.proposed
    reply, _ = await visit(door, ANNA, w.SeeMeetingMotions(s.meeting))
    assert w.SeeRule(s.body, s.meeting) in offered(reply.screen)
    reply, _ = await visit(door, ANNA, w.SeeRule(s.body, s.meeting))
    assert w.ProposeRule(s.body, s.meeting, s.gops) in offered(reply.screen)
    chosen = rule_proposals.RuleChosen(quorum="two_thirds", majority="absolute", base="cast")
    about = Subject("rule.propose", s.body, meeting=s.meeting, membership=s.gops)
    number = (await door.act(lambda uow: rule_proposals.propose(uow, Actor(made.persons[ANNA]), about, chosen))).proposal
    assert number is not None
    for language, said in (("pl", "Kworum: co najmniej 2/3"), ("en", "Quorum: at least 2/3"), ("uk", "2/3")):
        await visit(door, ANNA, ChooseLanguage(language))
        reply, t = await visit(door, ANNA, w.SeeMotion(number))
        assert said in words(reply.screen, t)
        assert t.language == language
    reply, _ = await visit(door, ANNA, w.AmendMotion(number))
    assert isinstance(reply.at, Begin), "what the rule is to be is asked anew, from the beginning"
