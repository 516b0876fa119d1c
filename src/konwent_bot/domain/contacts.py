"""What a person is called and written to, by the rules of a roster's cells, whoever types it: operator, coordinator, the person."""

from __future__ import annotations

from typing import Final

from konwent_bot.domain.roster_words import address, plain
from konwent_bot.errors import N_, Invalid

#: Longest name of a person we store.
LONGEST_NAME: Final = 200


def person_name(text: str) -> str:
    """Give a name as it is stored: one line, single spaces; "" for nobody.

    Raises:
        Invalid: it is too long, or a spreadsheet would run it as a formula.
    """
    said = plain(text)
    if said is None or len(said) > LONGEST_NAME:
        raise Invalid(N_("Write the name as first and last name, with at most {limit} characters."), limit=LONGEST_NAME)
    return said


def email_address(text: str) -> str:
    """Give an address of e-mail as it is stored: in lower case; "" for none.

    Raises:
        Invalid: it is not exactly one address.
    """
    if not text.strip():
        return ""
    found = address(text.strip())
    if found is None:
        raise Invalid(
            N_("“{email}” is not a correct e-mail address. Write one address, for example name@institution.pl."), email=text
        )
    return found.lower()
