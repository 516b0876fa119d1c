"""The long runs stand on the same stage as the short ones."""

from tests.conversations.conftest import live_door, network, sandbox, stand, way

__all__ = ["live_door", "network", "sandbox", "stand", "way"]
