"""What notices of minutes say: they are there to be read and answered, what became of a remark, what waits for whoever leads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from konwent_bot.documents.minutes import text
from konwent_bot.errors import N_
from konwent_bot.i18n import Translator
from konwent_bot.office.minutes.news import AnswersOver, MinutesNews, RemarksCame, RemarkSettled
from konwent_bot.office.minutes.roll import Remark
from konwent_bot.office.occasion import Message
from konwent_bot.screens.archive_intents import AcceptMinutes, SeeMinutes, WriteRemark
from konwent_bot.screens.minutes import pieces, version_words
from konwent_bot.screens.minutes.version_words import called
from konwent_bot.screens.minutes_intents import SeeDraft, SeeRemarks
from konwent_bot.screens.screen import Action, Screen

_TITLES: Final = {
    "circulated": N_("{minutes}: please read and answer"),
    "again": N_("{minutes}: a new version, please read and answer"),
    "reminder": N_("{minutes}: please answer"),
    "final": N_("{minutes}: the final version"),
    "annex": N_("{minutes}: an annex"),
}


def news(said: MinutesNews, t: Translator) -> Screen:
    """Say what the meeting came to in a few lines, until when to answer, and the buttons that answer; the document goes along."""
    content = said.version.content
    asked = said.membership is not None and said.what in ("circulated", "reminder")
    for_whom = (said.institution,) if said.institution else ()
    what = "again" if said.what == "circulated" and said.version.version > 1 else said.what
    title = _TITLES[what] if asked or what in ("final", "annex") else N_("{minutes}: sent to the institutions")
    return Screen(
        t(title, minutes=called(t, said.minutes)),
        context=(" · ".join((said.minutes.body_name, *for_whom)),),
        paragraphs=(*(() if said.what == "annex" else text.summary(content.draft, t)), *_asks(said, t, asked=asked)),
        facts=tuple(_facts(said, t)),
        sections=tuple(pieces.whole(content)) if said.what == "annex" else (),
        notes=() if said.what == "reminder" else (version_words.proof(t, said.version),),
        actions=tuple(_ways(said, t, asked=asked)),
    )


def _asks(said: MinutesNews, t: Translator, *, asked: bool) -> tuple[str, ...]:
    match said.what:
        case "circulated" if asked:
            return (
                t("Please say whether your institution accepts the minutes. It takes one press. No answer until the deadline counts as accepting."),
            )  # fmt: skip
        case "circulated":
            return (t("Every institution has been asked whether it accepts the minutes."),)
        case "reminder":
            return (
                t(
                    "There is no answer from your institution yet. One press is enough. No answer until the deadline counts as accepting."
                ),
            )
        case "final":
            return (t("This is the final version of the minutes. You need not do anything."),)
        case _:
            return (t("The minutes are accepted and closed; this annex puts something right. You need not do anything."),)


def _facts(said: MinutesNews, t: Translator) -> list[tuple[str, str]]:
    lines = []
    if said.version.version > 1 and said.what in ("circulated", "reminder"):
        lines.append((t("Document"), t("version {number}; it lists what has changed", number=said.version.version)))
    if said.version.answer_until is not None and said.what in ("circulated", "reminder"):
        lines.append((t("Answers until"), t.day(version_words.last_day(t, said.version.answer_until))))
    if said.files and said.what != "reminder":  # nothing goes along with a reminder
        lines.append((t("Files"), ", ".join(said.files)))
    return lines


def _ways(said: MinutesNews, t: Translator, *, asked: bool) -> list[tuple[Action, ...]]:
    minutes, version = said.minutes, said.version.version
    see = SeeMinutes(minutes.id, version if said.what == "annex" else 0)
    rows: list[tuple[Action, ...]] = []
    if asked and said.membership is not None:
        rows += [
            (Action(t("I accept the minutes"), AcceptMinutes(minutes.id, version, said.membership), only="chat", weight="main"),),
            (Action(t("I have a remark"), WriteRemark(minutes.id, said.membership), only="chat"),),
            (Action(t("Read the minutes and answer"), see, only="page", weight="main"),),
        ]
    rows.append((Action(t("See the minutes"), see, only="chat" if asked else "", weight="" if asked else "main"),))
    return rows


def _settled(said: RemarkSettled, t: Translator) -> Screen:
    remark = said.remark
    accepted = remark.state == "accepted"
    became = t("The remark of your institution is accepted") if accepted else t("The remark of your institution is not accepted")
    after = (
        t("The next version of the minutes takes it up; you will get it.")
        if accepted
        else t("The minutes stay as they are at this point. You need not do anything.")
    )
    why = ((t("How") if accepted else t("Reason"), remark.reason),) if remark.reason else ()
    return Screen(
        became,
        context=(called(t, said.minutes), f"{said.minutes.body_name} · {remark.institution}"),
        paragraphs=(after,),
        facts=((t("Point"), said.heading), (t("Remark"), remark.body), *why),
        actions=((Action(t("See the minutes"), SeeMinutes(said.minutes.id), weight="main"),),),
    )


def _came(said: RemarksCame, t: Translator) -> Screen:
    count = len(said.remarks)
    return Screen(
        t("Remarks on minutes: {n}", n=count),
        context=(called(t, said.minutes), said.minutes.body_name),
        paragraphs=(t("Please accept or decline each remark. The minutes become final once all are settled."),),
        items=tuple(_of(one, said.headings.get(one.point, ""), t) for one in said.remarks),
        actions=((Action(t("See the remarks"), SeeRemarks(said.minutes.id), weight="main"),),),
    )


def _over(said: AnswersOver, t: Translator) -> Screen:
    if said.outcome == "settle":
        return Screen(
            t("{minutes}: remarks wait for you", minutes=called(t, said.minutes)),
            context=(said.minutes.body_name,),
            paragraphs=(
                t(
                    "The institutions have answered, or their time is over. The minutes become final once every remark is settled."
                ),
                _open(said.open, t),
            ),
            actions=((Action(t("See the remarks"), SeeRemarks(said.minutes.id), weight="main"),),),
        )
    return Screen(
        t("{minutes}: a new version is to be made", minutes=called(t, said.minutes)),
        context=(said.minutes.body_name,),
        paragraphs=(
            t(
                "All remarks are settled. Please put the accepted ones into the minutes and send the new version to the institutions."
            ),
            t.plural("{n} remark was accepted.", "{n} remarks were accepted.", len(said.taken)),
        ),
        actions=((Action(t("Open the minutes"), SeeDraft(said.minutes.id), weight="main"),),),
    )


def _open(remarks: Sequence[Remark], t: Translator) -> str:
    return t.plural("{n} remark is not settled yet.", "{n} remarks are not settled yet.", len(remarks))


def _of(remark: Remark, heading: str, t: Translator) -> str:
    return t("{institution}, {point}: {text}", institution=remark.institution, point=heading or t("Minutes"), text=remark.body)


SCREENS: Final[Mapping[type[Message], Callable[[Any, Translator], Screen]]] = {
    MinutesNews: news,
    RemarkSettled: _settled,
    RemarksCame: _came,
    AnswersOver: _over,
}
