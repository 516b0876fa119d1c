"""The rule a body decides by: proposed, discussed, adopted, and nothing else changes it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

import pytest
from sqlalchemy import update
from tests.office.decisions.consenting import Consenting, gather

from konwent_bot import i18n
from konwent_bot.clock import FixedClock
from konwent_bot.documents.decision_words import rule_sentence
from konwent_bot.domain.decisions.rule import DEFAULT_RULE, DecisionRule
from konwent_bot.errors import Invalid, NotFound, Refused
from konwent_bot.office.decisions import discussion, register, rules, settings
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import rules as meeting_rules
from konwent_bot.store.tables import BODY, DECISION_RULE, PROPOSAL


@pytest.fixture
async def net(door: Door, clock: FixedClock) -> Consenting:
    """Ten institutions at a meeting."""
    return await gather(door, clock)


async def adopt(net: Consenting, proposal: int) -> None:
    """Let everybody agree to a proposal."""
    await net.act(lambda uow: discussion.close(uow, net.ewa, proposal))
    assert (await net.ended(await net.open(proposal))).outcome == "adopted"


async def rule_of(net: Consenting) -> DecisionRule:
    """Give the rule in force."""
    return await net.look(lambda uow: rules.of(uow, net.body))


TWO_THIRDS: Final[dict[str, Any]] = {"quorum": "two_thirds", "majority": "two_thirds", "base": "cast"}


async def test_a_rule_is_in_force_once_it_is_adopted_and_not_before(net: Consenting) -> None:
    """Two thirds are proposed, in sentences; until everybody agreed the default holds, then two thirds do, and it says since which decision."""
    proposal = await net.choose_rule(**TWO_THIRDS)
    found = await net.proposal(proposal)
    wished = DecisionRule(Fraction(2, 3), "entitled", Fraction(2, 3), "cast", strict=False)
    assert (found.kind, found.title) == ("rule", "Zmiana zasad głosowania")
    assert found.text == rule_sentence(wished, i18n.translator("pl"))
    assert await rule_of(net) == DEFAULT_RULE
    await adopt(net, proposal)
    standing = await net.look(lambda uow: rules.standing(uow, net.body))
    assert (standing.rule, standing.since) == (wished, net.clock.now())
    entry = await net.look(lambda uow: register.get(uow, standing.decision or 0))
    assert (entry.proposal, entry.method) == (proposal, "consensus")


async def test_the_next_rule_takes_the_place_of_the_one_before(net: Consenting) -> None:
    """The second decision about the rule supersedes the first; both stay in the register."""
    await adopt(net, await net.choose_rule(**TWO_THIRDS))
    await adopt(net, await net.choose_rule(quorum="third", majority="absolute", base="entitled", tie="chair"))
    assert await rule_of(net) == DecisionRule(Fraction(1, 3), "entitled", "absolute", "entitled", tie="chair")
    entries = await net.look(lambda uow: register.of_body(uow, net.body))
    assert [one.superseded_by is None for one in entries] == [True, False]
    assert await net.count(DECISION_RULE) == 2


async def test_the_quorum_of_meetings_is_the_adopted_one(net: Consenting) -> None:
    """Before, a body chooses the quorum of its meetings; once a rule is adopted it is that rule's, and cannot be chosen beside it."""

    async def quorum() -> Fraction:
        return (await net.look(lambda uow: meeting_rules.of(uow, net.body))).quorum

    await net.act(lambda uow: meeting_rules.change(uow, net.ewa, net.body, {"quorum": "1/4"}) and None)
    assert await quorum() == Fraction(1, 4)
    await adopt(net, await net.choose_rule(**TWO_THIRDS))
    assert await quorum() == Fraction(2, 3)
    with pytest.raises(Refused):
        await net.act(lambda uow: meeting_rules.change(uow, net.ewa, net.body, {"quorum": "1/4"}) and None)
    await net.act(lambda uow: meeting_rules.change(uow, net.ewa, net.body, {"call_days": "21"}) and None)
    assert await quorum() == Fraction(2, 3)
    await adopt(net, await net.choose_rule(quorum="half", quorum_base="present", majority="simple"))
    assert await quorum() == 0  # only those who come are counted, so nothing is asked of how many come


async def test_the_quorum_in_force_is_asked_of_the_next_round(door: Door, clock: FixedClock) -> None:
    """Two thirds are adopted by ten; then four leave, and six of ten are too few by one."""
    net = await gather(door, clock)
    await adopt(net, await net.choose_rule(**TWO_THIRDS))
    await net.leave("Parafia", "PCPR", "Policja", "Szkoła")
    proposal = await net.discussed()
    with pytest.raises(Refused) as refused:
        await net.open(proposal)
    assert refused.value.facts["missing"] == 1


async def test_a_round_keeps_the_rule_it_was_opened_with(net: Consenting) -> None:
    """The rule changes while institutions are asked about something else: that round ends by the former one."""
    asked = await net.asked()
    await adopt(net, await net.choose_rule(quorum="other", quorum_percent=95, majority="simple"))
    await net.leave("Parafia")
    done = await net.ended(asked)
    assert (done.outcome, done.rule) == ("adopted", DEFAULT_RULE)


async def test_a_rule_by_which_nothing_could_be_decided_is_none(net: Consenting) -> None:
    """A majority of nothing, or of more than everybody, is refused in words."""
    nothing: dict[str, Any] = {"majority": "other", "majority_percent": 0}
    too_much: dict[str, Any] = {"majority": "other", "majority_percent": 100, "reach": "more"}
    for said in (nothing, too_much, {"majority": "all", "reach": "more"}):
        with pytest.raises(Invalid):
            await net.choose_rule(quorum="half", **said)
    assert await net.count(PROPOSAL) == 0


async def test_the_rule_in_force_need_not_be_proposed(net: Consenting) -> None:
    """What holds already is no change."""
    with pytest.raises(Refused):
        await net.choose_rule(quorum="half", majority="simple")


async def test_an_amendment_chooses_another_rule_and_no_other_words(net: Consenting) -> None:
    """Somebody objects to two thirds: another rule is chosen in the same proposal, and its text follows; words are not written by hand."""
    proposal = await net.choose_rule(**TWO_THIRDS)
    with pytest.raises(Refused):
        await net.amend(proposal, "Każdy głosuje, jak chce.")
    await net.choose_rule(proposal, quorum="half", majority="absolute", base="present", reason="Łatwiej policzyć")
    found = await net.proposal(proposal)
    assert (found.version, found.reason) == (2, "Łatwiej policzyć")
    assert found.text == rule_sentence(await net.look(lambda _: rules.asked(found)), i18n.translator("pl"))
    with pytest.raises(Refused):
        await net.choose_rule(proposal, quorum="half", majority="absolute", base="present")
    matter = await net.enter()
    with pytest.raises(NotFound):
        await net.choose_rule(matter, **TWO_THIRDS)


# --- settings ---------------------------------------------------------------------------------------------------------


async def test_settings_are_chosen_by_who_coordinates(net: Consenting) -> None:
    """The coordinator chooses some, others stay; a member may not; wrong ones are refused and change nothing."""
    await net.choose(tacit="yes", ballot_minutes=" 15 ")
    chosen = await net.look(lambda uow: settings.of(uow, net.body))
    assert chosen == settings.DecisionSettings(tacit=True, ballot_minutes=15)
    for wrong in ({"tacit": "maybe"}, {"ballot_minutes": "0"}, {"ballot_minutes": "²"}, {"colour": "1"}, {"proposers": "none"}):
        with pytest.raises(Invalid):
            await net.choose(**wrong)
    with pytest.raises(NotFound):
        await net.act(lambda uow: settings.change(uow, net.heads["GOPS"], net.body, {"tacit": "yes"}) and None)
    assert await net.look(lambda uow: settings.of(uow, net.body)) == chosen
    await net.choose(tacit="", ballot_minutes="")
    assert await net.look(lambda uow: settings.of(uow, net.body)) == settings.DecisionSettings()


async def test_settings_of_another_version_are_the_defaults(net: Consenting) -> None:
    """What cannot be read does not stop the body from deciding."""
    kept = {"decisions": {"tacit": "perhaps", "unknown": "1", "circulation_days": "3"}, "retention_months": 12}
    await net.act(lambda uow: uow.execute(update(BODY).values(settings=kept)) and None)
    assert await net.look(lambda uow: settings.of(uow, net.body)) == settings.DecisionSettings(circulation_days=3)
