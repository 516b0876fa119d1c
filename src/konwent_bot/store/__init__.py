"""The store: tables, the two engines, migrations. It keeps the rules that must hold whoever writes.

In comes a function of a SQLAlchemy ``Connection`` (a unit of work, made by ``office.door``); out go its value and a commit that
is on disk. Uniqueness, references and shapes are database constraints here, never a look-then-insert. It must never decide
who may do what, speak to people, or know of Telegram.
"""
