"""The web room: browser in. Health for whoever watches the installation, and the landing page of an invitation's web link.

What may come in: requests of strangers; everything about them is bounded and nothing about them is trusted. Pages work without
JavaScript, say everything in the reader's language, and show only what ``office`` gives for the link in hand. It must never
change anything on a GET, leave a page in a cache or a search engine, or tell a wrong link from one that never was by its shape.
"""

from konwent_bot.web.server import application

__all__ = ["application"]
