"""The chat room stands on the stage of the conversations."""

from tests.conversations.conftest import _patience, anna, chat, live_door, network, sandbox, stand, way

__all__ = ["_patience", "anna", "chat", "live_door", "network", "sandbox", "stand", "way"]
