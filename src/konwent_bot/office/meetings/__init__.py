"""Meetings: planned, called, answered, reminded of, held.

What may come in: the acts of coordinators and members, and the clock. Rules are ``domain.meetings``; this room keeps what they are
about, and tells people through notices. What it must never do: tell anybody twice, tell anybody who was not to be told, or move
what somebody else has been told without telling them.

``facts`` reads a meeting, ``rules`` what its body chose, ``calls`` says who is to be told and tells them; each other module is one
act or one noun.
"""
