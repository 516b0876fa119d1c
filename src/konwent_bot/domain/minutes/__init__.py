"""Minutes: what institutions' answers to them come to, and how two texts differ.

Who writes minutes, and that institutions may object to them for some days, is not in the sources; domain.md G9.
"""
