"""What a body would lack after an import, and what of it the file does not speak of."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from konwent_bot.domain.roster_stored import CurrentRoster, PostKey, SeatKey
from konwent_bot.domain.roster_values import Message, Problem, Roster
from konwent_bot.domain.roster_words import SeatRole, fold, is_kis
from konwent_bot.errors import N_

#: Names listed in one note; the rest is counted.
LISTED_NAMES = 20
#: The two representatives every institution has (KSR White Book §1.3.7), and what is said when one is missing.
_REPRESENTATIVES: tuple[tuple[SeatRole, str], ...] = (
    ("head", N_("Row {row}: “{institution}” has no head in the roster. The seat stays vacant.")),
    ("delegate", N_("Row {row}: “{institution}” has no designated person in the roster. The seat stays vacant.")),
)


def lacking(roster: Roster, current: CurrentRoster) -> list[Problem]:
    """Warn of what the body would lack after the import: a representative, an institution of type C, a KIS (domain.md R1, R10).

    An institution with a wrong row is not judged: what is missing may be in that row.
    """
    problems: list[Problem] = []
    named = {(seat.institution, seat.role) for seat in roster.seats}
    named |= {(key.institution, key.role) for key, holder in current.seats.items() if any(holder)}
    for key, entry in roster.institutions.items():
        for role, msgid in _REPRESENTATIVES if key not in roster.doubtful else ():
            if (key, role) not in named:
                facts = {"row": entry.row, "institution": entry.short_name or entry.name}
                problems.append(Problem(msgid, facts, entry.row, "warning"))
    file = roster.heading_row
    types = {key: stored.stakeholder_type for key, stored in current.institutions.items()}
    types |= {key: entry.stakeholder_type for key, entry in roster.institutions.items()}
    if "C" not in types.values() and roster.doubtful <= roster.institutions.keys():
        problems.append(
            Problem(
                N_(
                    "There is no institution of type C (culture, education, health, sport, employers). "
                    "Without them the network reaches few people; please think of inviting one."
                ),
                {},
                file,
                "warning",
            )
        )
    short_names = [entry.short_name for entry in roster.institutions.values()]
    short_names += [stored.short_name for stored in current.institutions.values()]
    if not is_kis([*types, *roster.doubtful, *map(fold, short_names)]):
        problems.append(
            Problem(
                N_("There is no KIS (Klub Integracji Społecznej), which leads a local network. Is its row missing?"),
                {},
                file,
                "warning",
            )
        )
    return problems


def left_out(
    roster: Roster, current: CurrentRoster, seats: Collection[SeatKey], posts: Collection[PostKey]
) -> tuple[Message, ...]:
    """Say what is stored and not in the file: it stays, since an import never removes."""
    notes: list[Message] = []
    gone = [
        stored.short_name or stored.name
        for key, stored in current.institutions.items()
        if key not in roster.institutions and key not in roster.doubtful
    ]
    if gone:
        notes.append(
            Message(
                N_("Institutions of this body that are not in the file: {count}. They stay: {names}."),
                {"count": len(gone), "names": _listed(gone)},
            )
        )
    missing = [key.institution for key in current.seats if key not in seats]
    missing += [key.institution for key in current.posts if key not in posts]
    left = [_place_name(key, current) for key in missing if key in roster.institutions and key not in roster.doubtful]
    if left:
        notes.append(
            Message(
                N_("Seats and posts of these institutions that are not in the file: {count}. They stay: {names}."),
                {"count": len(left), "names": _listed(tuple(dict.fromkeys(left)))},
            )
        )
    return tuple(notes)


def _place_name(key: str, current: CurrentRoster) -> str:
    stored = current.institutions.get(key)
    return (stored.short_name or stored.name) if stored else key


def _listed(names: Sequence[str]) -> tuple[str, ...]:
    """Give the first names, and a sign that there are more."""
    return tuple(names) if len(names) <= LISTED_NAMES else (*names[:LISTED_NAMES], "…")
