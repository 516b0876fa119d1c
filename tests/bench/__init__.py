"""The bench: our house against what it stands on, in one run, as ratios.

``python -m tests.bench`` (``make bench``) starts every measured thing as its own process, takes turns between the two sides of
each ratio, prints a table and writes ``bench.json``. A ratio of medians of interleaved rounds survives a busy machine; the
absolute numbers beside it are for reading only. It needs no network, and never measures while it profiles.

What may come in: the house through its acts and its commands. What it must never do: reach past the door into a hot path, or
tune the bare bot it compares with (``bare_bot.py`` is frozen).
"""
