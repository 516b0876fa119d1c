"""Documents: plain data becomes bytes for people (PDF), and files of people become plain rows (CSV, spreadsheets).

What may come in: values of the house and bytes from outside. Bytes from outside are hostile until read: every reader here has
named limits and answers with ``errors.Invalid``, a sentence that names the thing and the way out. What goes out is
deterministic: the same data gives the same bytes. Text of people is never parsed as markup, as a formula or as a path.
This room never opens the store, never asks the clock and never touches the network or the fonts of the machine.
"""
