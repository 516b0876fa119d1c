"""How the command line names a seat or a post: words of people are matched to one place, or the sentence says what there is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from konwent_bot.domain.roster_words import POST_KINDS, SEAT_ROLES, fold, role_like, role_of
from konwent_bot.errors import N_, Invalid, NotFound, Refused
from konwent_bot.screens.words import place

if TYPE_CHECKING:
    from konwent_bot.i18n import Translator
    from konwent_bot.office.seats import PostFacts, SeatFacts

#: Institutions listed in one sentence; the roster has them all.
_LISTED = 12


def role(t: Translator, word: str) -> str:
    """Read a seat's role as people write it. Raises ``Invalid`` with the choices."""
    return _one_of(t, word, SEAT_ROLES, N_("There is no seat “{word}”. There are: {choices}."))


def kind(t: Translator, word: str) -> str:
    """Read a post's kind as people write it. Raises ``Invalid`` with the choices."""
    return _one_of(t, word, POST_KINDS, N_("There is no post “{word}”. There are: {choices}."))


def seat(t: Translator, seats: Sequence[SeatFacts], institution: str, role_word: str, number: int | None) -> SeatFacts:
    """Give the one seat meant by an institution's full or short name, or a part of either, and a role.

    Raises:
        Invalid: there is no such role.
        NotFound: no institution or seat fits; the sentence lists what there is.
        Refused: several fit; the sentence lists them.
    """
    wanted = role(t, role_word)
    names = {one.institution: one.short_name for one in seats}
    asked = fold(institution)
    fitting = [name for name, short in names.items() if asked in (fold(name), fold(short))]
    fitting = fitting or [name for name, short in names.items() if asked and (asked in fold(name) or asked in fold(short))]
    match fitting:
        case []:
            raise NotFound(
                N_("There is no institution “{institution}” with seats in this body. There are: {choices}."),
                institution=institution,
                choices=_listed(list(names.values())),
            )
        case [name]:
            own = [one for one in seats if one.institution == name]
        case _:
            raise Refused(
                N_("“{institution}” may be any of these: {choices}. Please write more of the name."),
                institution=institution,
                choices=_listed([names[name] for name in fitting]),
            )
    found = [one for one in own if one.role == wanted and number in (None, one.number)]
    if not found:
        raise NotFound(
            N_("{institution} has no such seat. It has: {choices}."),
            institution=own[0].short_name,
            choices=[title(t, one) for one in own],
        )
    if len(found) > 1:
        raise Refused(
            N_("{institution} has several such seats: {choices}. Add --number."),
            institution=own[0].short_name,
            choices=[_described(one) for one in found],
        )
    return found[0]


def post(t: Translator, posts: Sequence[PostFacts], word: str, number: int | None) -> PostFacts:
    """Give the one post of a kind. Raises ``Invalid``, ``NotFound`` or ``Refused`` as ``seat`` does."""
    wanted = kind(t, word)
    found = [one for one in posts if one.kind == wanted and number in (None, one.number)]
    if not found:
        raise NotFound(
            N_("Nobody has been given this post yet: {post}. To give it: konwent-bot post give."), post=place(t, wanted)
        )
    if len(found) > 1:
        raise Refused(N_("There are several such posts: {choices}. Add --number."), choices=[_described(one) for one in found])
    return found[0]


def title(t: Translator, one: SeatFacts | PostFacts) -> str:
    """Name a role or post, with its number where there may be several."""
    word = one.role if hasattr(one, "role") else one.kind
    return f"{place(t, word)} {one.number}" if one.number > 1 or word == "substitute" else place(t, word)


def _described(one: SeatFacts | PostFacts) -> str:
    who = one.name or one.email
    return f"{one.number} ({who})" if who else str(one.number)


def _one_of(t: Translator, word: str, codes: Sequence[str], sentence: str) -> str:
    said = fold(word)
    # First the words this program itself prints, in whichever language it speaks, then all that a roster may say.
    code = next((code for code in codes if said in (code, fold(place(t, code)))), None) or role_of(word)
    if code is None or code not in codes:
        like = role_like(word)
        code_like = role_of(like) if like else None
        if like and code_like in codes:
            raise Invalid(N_("There is no “{word}”. Is it “{like}”?"), word=word, like=like)
        raise Invalid(sentence, word=word, choices=[place(t, one) for one in codes])
    return code


def _listed(names: list[str]) -> list[str]:
    return names if len(names) <= _LISTED else [*names[:_LISTED], "…"]
