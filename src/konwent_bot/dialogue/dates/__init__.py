"""Dates as people say them: "w najbliższy czwartek o 12", "za tydzień o wpół do jedenastej", "2.02 godz. 9".

``read`` gives a ``Reading``. A text becomes lexemes (``lexemes``, words of a language: ``vocabulary``), these become pieces
(``grammar``), these a day and an hour (``days``, ``hours``). What is not understood refuses the whole; what may mean several
things, is past, or contradicts itself is asked about.
"""

from konwent_bot.dialogue.dates.findings import Reading, Status
from konwent_bot.dialogue.dates.reader import read, read_hour

__all__ = ["Reading", "Status", "read", "read_hour"]
