"""The clockwork: ticks on real seconds and asks the office what is due. It keeps nothing itself.

What may come in: the passing of time. What it must never do: know what is due, or when; everything needed stands in the store,
so a restart, a missed tick or a moved clock loses nothing, and two clockworks do no harm.
"""

from konwent_bot.clockwork.ticks import SECONDS, keep_ticking

__all__ = ["SECONDS", "keep_ticking"]
