"""The rules of meetings: when a body owes one, which days fit, who is called, who is reminded, when enough have come.

Values in, values out, like the rest of the room. Days are local dates; an instant is a ``datetime`` in UTC; a wall time is a
``datetime`` without a zone, and whoever calls says which zone it is meant in. Numbers of seats, institutions, groups and
meetings are the store's.
"""
