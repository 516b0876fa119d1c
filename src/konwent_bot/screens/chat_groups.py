"""A body's group chat: linked at the desk, told of meetings, and what the bot says in a group. Content never goes there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from konwent_bot import i18n
from konwent_bot.documents import meeting_words
from konwent_bot.errors import N_, KonwentError
from konwent_bot.i18n import Translator
from konwent_bot.office import chat_groups
from konwent_bot.office.chat_groups import Group, GroupNews
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import home
from konwent_bot.screens.desk_words import trail
from konwent_bot.screens.group_intents import AskUnlinkChat, LinkChat, SeeChat, UnlinkChat
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.screen import Action, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visited, Visitor

_TITLES: Final = {
    "called": N_("Invitation: {meeting}"),
    "changed": N_("Change: {meeting}"),
    "moved": N_("New date: {meeting}"),
    "off": N_("Called off: {meeting}"),
}


# --- in a group -------------------------------------------------------------------------------------------------------


def said(uow: UnitOfWork, visitor: Visitor, chat: int, title: str, token: str) -> Visited:
    """Answer in a group in which somebody has said a link's token: once it is linked, in one sentence; otherwise no word of anything."""
    assert isinstance(visitor.caller, int)
    try:
        with uow.whole():
            linked = chat_groups.link(uow, visitor.caller, chat, title, token)
    except KonwentError:
        t = i18n.translator(i18n.nearest(visitor.language))
        problem = t("This link does not link this group. Its coordinator can make a new one at the desk of the network.")
        return Reply(replace(home.in_a_group(t, uow.house.bot_username), problem=problem)), t
    t = i18n.translator(linked.language)
    sentence = t(
        "This group is linked to {body}. The dates of its meetings will be announced here, and nothing else.",
        body=linked.body_name,
    )
    return Reply(replace(home.in_a_group(t, uow.house.bot_username), notice=sentence)), t


def news(message: GroupNews, t: Translator) -> Screen:
    """Announce a meeting: its kind, when and where, and the way to the private chat."""
    kind = meeting_words.kind(t, message.kind)
    named = f"{kind} ({message.group_name})" if message.group_name else kind
    facts = [(t("When"), meeting_words.when(t, message.day, message.hour, message.ends))]
    if message.what != "off":
        mode = meeting_words.mode(t, message.mode)
        hybrid = message.place and message.mode == "hybrid"
        facts.append((t("Where"), f"{message.place} ({mode})" if hybrid else message.place or mode))
    says = t("This meeting will not take place.") if message.what == "off" else t("Please answer in the private chat.")
    return Screen(
        t(_TITLES[message.what], meeting=named),
        context=(message.body_name,),
        facts=tuple(facts),
        paragraphs=(says,),
        actions=((Action(t("Open the private chat"), url=message.chat),),) if message.chat else (),
    )


# --- at the desk ------------------------------------------------------------------------------------------------------


def _see(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeChat, t: Translator) -> Reply:
    name, group = chat_groups.see(uow, Actor(person.id), intent.body)
    return Reply(_shown(name, intent.body, group, t), at=intent)


def _shown(name: str, body: int, group: Group | None, t: Translator, *, notice: str = "") -> Screen:
    ways: tuple[tuple[Action, ...], ...]
    if group is None:
        lines = (t("No group is linked. In a linked group we announce meetings: which kind, when and where. Nobody's answers, names or reasons are ever shown there."),)  # fmt: skip
        ways = ((Action(t("Link a group"), LinkChat(body), weight="main"),),)
        facts: tuple[tuple[str, str], ...] = ()
    else:
        lines = (t("Here we announce meetings: which kind, when and where. Nobody's answers, names or reasons are ever shown there."),)  # fmt: skip
        ways = ((Action(t("Link another group"), LinkChat(body)),), (Action(t("Unlink"), AskUnlinkChat(body), weight="danger"),))
        facts = ((t("Group"), group.title or t("without a name")), (t("Linked"), t.instant(group.linked_at)))
    return Screen(
        t("Group chat of the network"),
        context=(name,),
        notice=notice,
        paragraphs=lines,
        facts=facts,
        actions=ways,
        trail=trail(t, body),
    )


def _link(uow: UnitOfWork, _v: Visitor, person: Known, intent: LinkChat, t: Translator) -> Reply:
    actor = Actor(person.id)
    name, _ = chat_groups.see(uow, actor, intent.body)
    made = chat_groups.invite(uow, actor, intent.body)
    screen = Screen(
        t("Link a group"),
        context=(name,),
        items=(
            t("Press the button below. Telegram asks which group the bot is to be added to."),
            t("Choose the group of this network, and confirm."),
            t("The bot says one sentence there, and the group is linked."),
        ),
        numbered=True,
        notes=(
            t("The link is for you alone, works once, and is valid until {time}.", time=t.time(made.expires_at)),
            t("Is the bot in the group already? Write there: {command}", command=f"/start@{uow.house.bot_username} {made.token}"),
        ),
        actions=(
            *(((Action(t("Add the bot to a group"), url=made.url, weight="main"),),) if made.url else ()),
            (Action(t("See the group chat"), SeeChat(intent.body)),),
        ),
        trail=trail(t, intent.body),
    )
    return Reply(screen)


def _ask_unlink(uow: UnitOfWork, _v: Visitor, person: Known, intent: AskUnlinkChat, t: Translator) -> Reply:
    name, group = chat_groups.see(uow, Actor(person.id), intent.body)
    if group is None:
        return Reply(_shown(name, intent.body, None, t), at=SeeChat(intent.body))
    screen = Screen(
        t("Unlink the group?"),
        context=(name,),
        paragraphs=(t("Nothing will be announced in the group any more. The bot stays there until somebody removes it."),),
        facts=((t("Group"), group.title or t("without a name")),),
        actions=(
            (Action(t("Yes, unlink it"), UnlinkChat(intent.body), weight="danger"),),
            (Action(t("No, keep it"), SeeChat(intent.body)),),
        ),
        trail=trail(t, intent.body),
    )
    return Reply(screen, at=intent)


def _unlink(uow: UnitOfWork, _v: Visitor, person: Known, intent: UnlinkChat, t: Translator) -> Reply:
    actor = Actor(person.id)
    chat_groups.unlink(uow, actor, intent.body)
    name, group = chat_groups.see(uow, actor, intent.body)
    return Reply(_shown(name, intent.body, group, t, notice=t("The group is unlinked.")), at=SeeChat(intent.body))


VISITS: Final[Mapping[type[Intent], Visit]] = {
    SeeChat: let_in(_see),
    LinkChat: let_in(_link),
    AskUnlinkChat: let_in(_ask_unlink),
    UnlinkChat: let_in(_unlink),
}
