"""The rules of procedure of cooperation bodies, as pure functions: values in, values out.

Here stands what would be true on paper too: who is entitled, when a quorum is met, how votes and cards are counted, when a
meeting is due, what may not be written down about a person. Every rule names its source.

What may come in: plain values (numbers, dates, texts, frozen dataclasses) and sentences to be said, as msgids. It must never
touch the database, the clock, Telegram or a file, never log, never format a sentence for a person, and never know who asks.
"""
