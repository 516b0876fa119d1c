"""The office: what the secretariat does, one function per act.

An act takes the unit of work first and plain values after it, checks the rights of whoever acts, changes the store and gives a
value; it never commits (``door`` does), never speaks a language, never knows of Telegram. What an act refuses, it refuses with a
sentence for people (``errors``) and nothing has changed.
"""
