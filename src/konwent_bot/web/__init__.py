"""The web room: browser in. Every screen of ``screens`` as a page, and health for whoever watches the installation.

What may come in: requests of anybody; everything about them is bounded and nothing about them is trusted but the cookie of a session
and the token of a form. Pages work without JavaScript and say everything in the reader's language. It knows no screen, no intent and
no flow by name, so that a new one has its page at once. It must never change anything on a GET, do anything without a form of its
own, leave a page in a cache or a search engine, or tell what may not be seen from what never was.
"""

from konwent_bot.web.server import application

__all__ = ["application"]
