"""Where the packed files are: flows and locales beside the code, in a checkout as in an installed wheel.

In a checkout ``flows/`` and ``locales/`` stand at the top, where people edit them; the wheel carries them inside the package
(``konwent_bot/_data``), because nothing else is sure to be installed with it. Files that live inside a room (the sandbox's
page, fonts, migrations) are reached with ``of_room``.
"""

from __future__ import annotations

from pathlib import Path

from konwent_bot.errors import N_, Misconfigured

_PACKAGE = Path(__file__).resolve().parent


def flows() -> Path:
    """Give the folder of the flows that came with the program (``KONWENT_FLOWS_DIR`` replaces it, see ``settings``)."""
    return _folder("flows")


def locales() -> Path:
    """Give the folder of translations: ``<language>/LC_MESSAGES/<domain>.po``."""
    return _folder("locales")


def of_room(room: str, *parts: str) -> Path:
    """Give a file or folder that lives inside a room, as ``of_room("sandbox", "page")``.

    Raises ``Misconfigured`` when the installation is incomplete.
    """
    return _present(_PACKAGE.joinpath(room, *parts))


def _folder(name: str) -> Path:
    packed = _PACKAGE / "_data" / name
    if packed.is_dir():
        return packed
    return _present(_PACKAGE.parents[1] / name)


def _present(path: Path) -> Path:
    if not path.exists():
        raise Misconfigured(N_("The installation is incomplete: {path} is missing. Please install the program again."), path=path)
    return path
