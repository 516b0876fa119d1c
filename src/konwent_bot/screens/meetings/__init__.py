"""What people see of meetings. One module a noun; each has its ``VISITS``, and they come together in ``visits``.

``matters`` says what meetings ask of people at home, ``ways`` what a meeting's own screen leads to.
"""
