"""The flow engine: conversations as data.

A flow is a TOML file: an ordered list of questions with conditions, never a graph; the path is derived from the answers. This
room reads such files (``loading``), refuses broken and hostile ones with a plain sentence per problem, steps through them
(``engine``: pure, JSON state), says what a screen needs to show (``view``) and reads what a person typed (``typed``).

What may come in: bytes of a flow file, a state, an event, a translator handed over by the caller. It must never touch the
database, the clock, Telegram or HTTP, never evaluate a condition or a template as code, and never write an answer to a log.
"""
