"""``konwent-bot migrate``: bring the database to this version."""

from __future__ import annotations

import asyncio

from konwent_bot.cli import common

app = common.group("Bring the database to this version. Everything happens, or nothing does.")


@app.command()
def migrate() -> None:
    """Bring the database to this version. Everything happens, or nothing does."""
    from konwent_bot import app as house
    from konwent_bot.store import migrate as migrations
    from konwent_bot.store.engines import open_store

    settings = common.settings()

    async def upgrade() -> bool:
        if settings.embedded:
            house.make_folder(settings.data_dir)
        store = open_store(settings.database.get_secret_value())
        try:
            return await migrations.migrate(store)
        finally:
            await store.close()

    changed = asyncio.run(upgrade())
    t = common.voice()
    common.tell(
        t("The database is ready for this version.") if changed else t("The database was ready already; nothing has changed.")
    )
