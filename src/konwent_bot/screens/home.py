"""Home ("Moje sprawy"), help, privacy, settings: what stands around every conversation."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from konwent_bot import i18n
from konwent_bot.i18n import Translator
from konwent_bot.office import bodies, people, rounds, sessions
from konwent_bot.office.people import Known
from konwent_bot.office.rounds import Matter as Card
from konwent_bot.office.unit import House, UnitOfWork
from konwent_bot.screens import matters, words
from konwent_bot.screens.archive_intents import SeeCheck
from konwent_bot.screens.group_intents import SeeMyCalendar, SeeNotices
from konwent_bot.screens.intents import (
    AcceptNotice,
    Accessibility,
    AskErase,
    AskLeave,
    ChooseLanguage,
    Help,
    Home,
    Leave,
    OpenCard,
    OpenChat,
    OpenPage,
    Privacy,
    SeeCoverage,
    SeeDesk,
    SeeMine,
    SeeSignIn,
    Settings,
    place_of,
)
from konwent_bot.screens.matter import Matter
from konwent_bot.screens.meeting_intents import SeeMeetings
from konwent_bot.screens.screen import Action, Screen

#: When the accessibility statement was last gone through.
_STATEMENT_OF: Final = date(2026, 11, 22)


def to_home(t: Translator) -> Action:
    """Make the action that leads home."""
    return Action(t("My matters"), Home())


def home(uow: UnitOfWork, person: Known, t: Translator, *, notice: str = "") -> Screen:
    """Show what awaits a person, nearest deadline first; for a coordinator also how far the rounds have come."""
    found = sorted([*_cards(uow, person, t), *matters.of(uow, person, t)], key=matters.rank)
    paragraphs: list[str] = []
    if not any(matter.asked for matter in found):
        paragraphs.append(t("Nothing awaits you now. We will write when something does."))
    actions: list[tuple[Action, ...]] = [(action,) for matter in found for action in matter.actions]
    actions.append((Action(t("Meetings"), SeeMeetings()),))
    actions += [
        (Action(t("Desk of the network: {body}", body=name), SeeDesk(body)),) for body, name in bodies.coordinated(uow, person.id)
    ]
    if people.notice_is_stale(uow, person):
        paragraphs.append(t("The privacy notice has changed. Please read it."))
        actions.append((Action(t("Read the privacy notice"), Privacy()),))
    actions.append((Action(t("Open in the browser"), OpenPage(place_of(Home())), only="chat"),))
    actions.append((Action(t("Open in Telegram"), OpenChat(0), only="page"),))
    actions.append((Action(t("Help"), Help()), Action(t("Settings"), Settings())))
    items = tuple(matter.text for matter in found)
    return Screen(
        t("My matters"), notice=notice, paragraphs=tuple(paragraphs), items=items, numbered=len(items) > 1, actions=tuple(actions)
    )


def _cards(uow: UnitOfWork, person: Known, t: Translator) -> list[Matter]:
    """Give the cards to be filled in, those that were sent, and how far the rounds a coordinator looks after have come."""
    found = []
    for card in rounds.matters(uow, person.id):
        ends = rounds.end_of_day(uow, card.closes_on)
        opened = OpenCard(card.round_id, card.membership_id)
        if card.submitted_at is None:
            ask = Action(t("Fill in the card: {institution}", institution=card.institution), opened, weight="main")
            found.append(Matter(ends, _waiting(uow, card, t), (ask,)))
        else:
            see = Action(t("See the card: {institution}", institution=card.institution), opened)
            found.append(Matter(ends, _sent(uow, card, t), (see,), asked=False))
    for watch in rounds.watched(uow, person.id):
        period = words.period(t, watch.period)
        text = t(
            "{body}: cards, {period}. Received {received} of {asked}, until {until}.",
            body=watch.body, period=period, received=watch.received, asked=watch.asked,
            until=words.until(t, watch.closes_on, uow.today),
        )  # fmt: skip
        see = Action(t("Who has answered: {period}", period=period), SeeCoverage(watch.round_id))
        found.append(Matter(rounds.end_of_day(uow, watch.closes_on), text, (see,), asked=False))
    return found


def _waiting(uow: UnitOfWork, matter: Card, t: Translator) -> str:
    return t(
        "{institution}, {body}: the cooperation card for the {period}. Until {until}. It takes about {minutes} min.",
        institution=matter.institution, body=matter.body, period=words.period(t, matter.period),
        until=words.until(t, matter.closes_on, uow.today), minutes=matter.minutes,
    )  # fmt: skip


def _sent(uow: UnitOfWork, matter: Card, t: Translator) -> str:
    assert matter.submitted_at is not None
    assert matter.submitted_role is not None
    return t(
        "{institution}, {body}: the card for the {period} has been sent ({role}, {when}). It can be changed until {until}.",
        institution=matter.institution, body=matter.body, period=words.period(t, matter.period),
        role=words.place(t, matter.submitted_role), when=matter.submitted_at, until=words.until(t, matter.closes_on, uow.today),
    )  # fmt: skip


def stranger(t: Translator, house: House, *, notice: str = "", problem: str = "") -> Screen:
    """Show who we are to somebody who has accepted no invitation."""
    return Screen(
        t("Secretariat of cooperation bodies"),
        notice=notice,
        problem=problem,
        paragraphs=(
            t("This bot helps institutions of a cooperation network to fill in cooperation cards, meet and decide together."),
            t("To begin, open the personal invitation link from the coordinator of your network."),
        ),
        facts=_controller(t, house),
        actions=(
            (Action(t("Sign in by e-mail"), SeeSignIn(), only="page", weight="main"),),
            (Action(t("Check a document"), SeeCheck()),),
            (Action(t("Privacy"), Privacy()), Action(t("Help"), Help())),
        ),
    )


def refusal(t: Translator, problem: str) -> Screen:
    """Say why something was not done. It shows nothing of what was asked for, and what was on the screen before still counts."""
    return Screen(t("This was not done"), problem=problem, actions=((to_home(t),),))


def in_a_group(t: Translator, username: str) -> Screen:
    """Say in a group only that matters are dealt with in private: no content, no names, no answers."""
    return Screen(
        t("Secretariat of cooperation bodies"),
        paragraphs=(t("Matters of the network are dealt with in a private chat with this bot."),),
        actions=((Action(t("Open the private chat"), url=f"https://t.me/{username}"),),) if username else (),
    )


def help_screen(t: Translator, house: House, *, known: bool, page: bool) -> Screen:
    """Say what can be done here and how: with buttons and typing in a chat, with forms on a page."""
    silence = t(
        "Do not write anything about people supported by the club: no names, numbers or descriptions by which somebody could be known."
    )
    if page:
        items: tuple[str, ...] = (t("My matters: what awaits you, with deadlines"), t("Settings: language, your data, leaving"))
        paragraphs = (
            t(
                "Each answer is saved at once, also in the middle of a card. You can break off and come back to the same question, here or in the chat."
            ),
            t("To correct an answer, choose “Change” beside it in the review, or “Back” under the question."),
            t(
                "Minutes and decisions of your network stand in its archive, under Meetings. Anybody can check whether minutes are genuine."
            ),
            silence,
        )
    else:
        items = (
            t("/sprawy – what awaits you, with deadlines"),
            t("/szukaj – search meetings, minutes and decisions, for example: {example}", example="/szukaj karta"),
            t("/przerwij – break off; your answers so far are kept"),
            t("/ustawienia – language and leaving"),
            t("/pomoc – this help"),
        )
        paragraphs = (
            t(
                "Answer with the buttons, or type: a number on a scale, the words of an answer, a text. Each answer is saved at once, and you can come back to the same question at any time."
            ),
            t("To correct a text you typed, edit your message or choose its number in the review."),
            t("Are these minutes genuine? Send the PDF file here, or the code from its pages, and you will be told."),
            silence,
        )
    return Screen(
        t("Help"), items=items, paragraphs=paragraphs, facts=_controller(t, house),
        actions=(
            (Action(t("Check a document"), SeeCheck()),),
            ((to_home(t),) if known else ()) + (Action(t("Privacy"), Privacy()),),
        ),
    )  # fmt: skip


def privacy(t: Translator, house: House, *, stale: bool = False) -> Screen:
    """Show the privacy notice (GDPR art. 13): who runs this, what is stored, why, how long, which rights.

    ``stale``: the reader has accepted an older text of it.
    """
    return Screen(
        t("Privacy"),
        facts=_controller(t, house),
        items=privacy_points(t),
        actions=(*(((Action(t("I have read this"), AcceptNotice(), weight="main"),),) if stale else ()), (to_home(t),)),
    )


def privacy_points(t: Translator) -> tuple[str, ...]:
    """Give the points of the privacy notice."""
    return (
        t("What is stored: your name and e-mail if the coordinator, your institution or you gave them, your role and institution, your language, your Telegram number if you use Telegram, when you signed in by a browser, how you wish to be told and what was sent to you, and what you answer, propose and note here on behalf of the institution, also about meetings and minutes."),
        t("Why: so that the institutions of the network can cooperate – fill in cards, meet, decide, keep minutes. Legal basis: a task carried out in the public interest and the statutory tasks of the institution you represent."),
        t("Who sees it: the coordinator of your network, and what is answered about meetings also those who chair them; other institutions see only what each question says. Minutes go to all institutions of the network and name institutions and roles, not persons. Anybody may check whether a document is genuine; a file sent for that is looked at and not kept."),
        t("How long: as long as you represent the institution, and a month after. Texts of sent cards and their earlier versions are deleted five years after the round, unless the network has decided otherwise; answers on scales stay. Unfinished answers are deleted a month after the deadline, or after the last answer where there is no deadline. A substitute named for one meeting represents the institution until a week after it. Who came to a meeting from outside, at which address people were called, and why somebody could not come is deleted a year after the meeting. Decisions, and minutes that were sent out with the answers to them, stay for good as the record of the network. Telegram, if you use it, carries the messages and keeps its own copy of the chat. The browser keeps one cookie, so that you stay signed in, and nothing else."),
        t("Your rights: to see, take away, correct and erase your data, to object, and to complain to the data protection authority. After an erasure the cards sent and what was answered, proposed and noted about meetings and minutes stay and name no person; backups keep the data until they are deleted, and a restored one is erased again. All of this, and leaving, is in the settings under My data."),
    )  # fmt: skip


def settings(t: Translator) -> Screen:
    """Show what a person decides about themselves."""
    languages = tuple(
        Action(("✓ " if code == t.language else "") + i18n.own_name(code), ChooseLanguage(code)) for code in i18n.languages()
    )
    return Screen(
        t("Settings"),
        facts=((t("Language"), i18n.own_name(t.language)),),
        actions=(
            languages,
            (Action(t("Notices: by what and when"), SeeNotices()),),
            (Action(t("My calendar"), SeeMyCalendar()),),
            (Action(t("My data"), SeeMine()),),
            (Action(t("Leave the secretariat"), AskLeave()),),
            (Action(t("Accessibility"), Accessibility()), to_home(t)),
        ),
    )


def ask_leave(t: Translator) -> Screen:
    """Ask before somebody leaves."""
    return Screen(
        t("Leave the secretariat?"),
        paragraphs=(
            t("We will forget your Telegram account, end your sessions in browsers and delete your unfinished answers. What has been sent stays with the network."),
            t("To come back you will need a new invitation from the coordinator."),
            t("Your name and e-mail stay in the roster as the coordinator wrote them. To have them erased too, choose erasing."),
        ),
        actions=((Action(t("Yes, leave"), Leave(), weight="danger"),), (Action(t("Erase my data"), AskErase()),), (to_home(t),)),
    )  # fmt: skip


def accessibility(t: Translator, house: House) -> Screen:
    """Show the accessibility statement: what is met and how that was found, what helps, what to do when something is hard to use.

    Its parts are those of the Polish act on digital accessibility (4 April 2019, art. 10 and 18).
    """
    contact = house.controller_contact
    return Screen(
        t("Accessibility"),
        paragraphs=(
            t("{controller} wants everybody to be able to use these pages.", controller=house.controller)
            if house.controller
            else t("Everybody should be able to use these pages."),
            t("By our own review they meet WCAG 2.1 at level AA. The chat is an application of Telegram and is not part of this statement."),
        ),
        facts=(
            *_controller(t, house),
            (t("Status"), t("in accordance with WCAG 2.1 AA")),
            (t("How it was checked"), t("our own review: automatic checks of every page, a whole card by keyboard alone, narrow screens and enlarged letters")),
            (t("Statement made on"), t.day(_STATEMENT_OF)),
        ),
        items=(
            t("Everything works by keyboard and without scripts. There are no keyboard shortcuts of our own."),
            t("Letters may be twice as large, and a screen 320 pixels wide needs no sliding sideways."),
            t("Colours follow the light or dark setting of the device. Nothing moves, blinks or plays by itself."),
            t(
                "A session ends after {hours} h without use. The hour stands at the foot of every page, with a way to put it off. An answer that comes later is kept for you.",
                hours=str(sessions.IDLE // timedelta(hours=1)),
            ),
            t("What may be hard: people who use screen readers have not tried these pages yet, and files that institutions send may not be accessible."),
        ),
        notes=(
            t("Is something hard to use? Write to {contact}, which page it is and what would help. You may also ask for the same on paper or by telephone. You will have an answer within 7 days; if more time is needed, within 2 months.", contact=contact)
            if contact
            else t("Is something hard to use? Tell the coordinator of your network which page it is and what would help. You may also ask for the same on paper or by telephone. You will have an answer within 7 days; if more time is needed, within 2 months."),
            t("If the answer is a refusal, or none comes, you may complain to the Commissioner for Human Rights: bip.brpo.gov.pl"),
        ),
        actions=((to_home(t),),),
    )  # fmt: skip


def _controller(t: Translator, house: House) -> tuple[tuple[str, str], ...]:
    facts = []
    if house.controller:
        facts.append((t("Run by"), house.controller))
    if house.controller_contact:
        facts.append((t("Contact"), house.controller_contact))
    return tuple(facts)
