"""Whole conversations over real HTTP: phones of the sandbox on one side, the house on the other."""
