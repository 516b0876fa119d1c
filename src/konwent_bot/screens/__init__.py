"""What a person sees, described once for every channel.

In comes who looks and what at; out goes a ``Screen``: title, short paragraphs, facts, a list, at most one question, actions.
``reception`` takes a person's intent to its act and gives the screen that follows, for chat and pages alike; ``intents`` is the
only codec of what buttons and links carry; ``telegram`` lays a screen out as a message. Nothing here knows a Telegram library
or a web framework, and no screen shows what ``office`` has not allowed its viewer.
"""
