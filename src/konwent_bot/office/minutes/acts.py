"""What flows about minutes submit to. It joins ``office.acts`` with the screens that say what came of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from konwent_bot.office.act import Act
from konwent_bot.office.minutes import annexes, notes, remarks

#: By name.
ACTS: Final[Mapping[str, Act]] = {
    "minutes.annex": Act("aneks", annexes.Annexed, annexes.may_annex, annexes.annex),
    "minutes.change": Act("zapis-do-protokolu", notes.Written, notes.may_change, notes.change),
    "minutes.decline": Act("odmowa-uwagi", remarks.Declined, remarks.may_decline, remarks.decline),
    "minutes.remark": Act("uwaga-do-protokolu", remarks.RemarkGiven, remarks.may_remark, remarks.remark),
    "minutes.write": Act("zapis-do-protokolu", notes.Written, notes.may_write, notes.write),
}
