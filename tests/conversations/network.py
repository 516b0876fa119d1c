"""A small network to talk in, made through office acts only: two bodies, so that what belongs to one could leak to the other."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert

from konwent_bot.office import invitations, rounds
from konwent_bot.office.door import Door
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import BODY, INSTITUTION, MEMBERSHIP, POST, SEAT


@dataclass(frozen=True)
class Network:
    """Ids of what was made. Seats by institution and role, links by the same."""

    body: int
    round: int
    memberships: dict[str, int]
    #: Tokens of invitations: ("GOPS Modliborzyce", "head") -> token; posts under ("", kind).
    tokens: dict[tuple[str, str], str]


JANOW = ("GOPS Modliborzyce", "OPS Janów Lubelski", "Biblioteka Modliborzyce")
ILAWA = ("GOPS Iława", "PUP Iława", "Szkoła w Iławie")


async def make(door: Door, *, slug: str = "lsr-janow", names: tuple[str, ...] = JANOW, variant: str = "full") -> Network:
    """Make a body with institutions of two seats each and a coordinator, open a round, and issue every invitation."""

    def work(uow: UnitOfWork) -> Network:
        body = uow.execute(
            insert(BODY)
            .values(slug=slug, name=f"Lokalna Sieć {slug}", kind="lsr", level="local", settings={}, created_at=uow.now)
            .returning(BODY.c.id)
        ).scalar_one()
        members: dict[str, int] = {}
        tokens: dict[tuple[str, str], str] = {}
        for name in names:
            institution = uow.execute(
                insert(INSTITUTION)
                .values(name=f"{name} (pełna nazwa)", short_name=name, place="", created_at=uow.now)
                .returning(INSTITUTION.c.id)
            ).scalar_one()
            members[name] = uow.execute(
                insert(MEMBERSHIP)
                .values(
                    body_id=body, institution_id=institution, folded_name=name.lower(), stakeholder_type="B", sector="",
                    joined_on=uow.today,
                )
                .returning(MEMBERSHIP.c.id)
            ).scalar_one()  # fmt: skip
            for role in ("head", "delegate"):
                seat = uow.execute(
                    insert(SEAT)
                    .values(membership_id=members[name], role=role, number=1, title="", name="", email="")
                    .returning(SEAT.c.id)
                ).scalar_one()
                tokens[name, role] = invitations.issue(uow, OPERATOR, seat=seat).token
        post = uow.execute(
            insert(POST).values(body_id=body, kind="coordinator", number=1, title="", name="", email="").returning(POST.c.id)
        ).scalar_one()
        tokens["", "coordinator"] = invitations.issue(uow, OPERATOR, post=post).token
        opened = rounds.open_round(uow, OPERATOR, body, variant="full" if variant == "full" else "short")
        return Network(body, opened.id, members, tokens)

    return await door.act(work)
