"""Backups: all that a database holds, in one file that either engine can be restored from.

A backup is a zip of ``manifest.json`` (what it is, of which revision, what each table holds and its SHA-256) and one file of JSON
lines a table. It is a copy of values, not of pages: what was backed up from SQLite is restored into PostgreSQL and back, which is
also how an installation moves. Tables are taken as they stand in the database (reflected), so a program backs up and restores any
revision it knows. In comes a store and a path, or an archive somebody hands us, of which nothing is believed; it must never leave
half a file or half a database behind, nor write into a database that holds anything.
"""

from konwent_bot.store.backup.files import Made, back_up, rotate
from konwent_bot.store.backup.format import Manifest
from konwent_bot.store.backup.loading import restore
from konwent_bot.store.backup.reading import Archive, check

__all__ = ["Archive", "Made", "Manifest", "back_up", "check", "restore", "rotate"]
