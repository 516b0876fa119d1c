"""What flows about decisions submit to. It joins ``office.acts`` with the screens that say what came of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from konwent_bot.office.act import Act
from konwent_bot.office.decisions import changing, consensus, discussion, proposals, rule_proposals

#: By name.
ACTS: Final[Mapping[str, Act]] = {
    "proposal.amend": Act("poprawka", changing.Amended, changing.may_amend, changing.amend),
    "proposal.comment": Act("komentarz", discussion.Comment, discussion.may_comment, discussion.comment),
    "proposal.enter": Act("wniosek", proposals.Entered, proposals.may_enter, proposals.enter),
    "rule.propose": Act("zasady-glosowania", rule_proposals.RuleChosen, rule_proposals.may_propose, rule_proposals.propose),
    "stance.object": Act("sprzeciw", consensus.Objection, consensus.may_speak, consensus.object_),
    "stance.reserve": Act("zastrzezenie", consensus.Reservation, consensus.may_speak, consensus.reserve),
}
