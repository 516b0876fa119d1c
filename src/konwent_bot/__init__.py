"""konwent-bot: the secretariat of cooperation bodies for social reintegration."""

__version__ = "0.1.0"
