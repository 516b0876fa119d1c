"""How a body decides: its rule, what votes and stances come to under it, and whether a stated result follows.

Everything is counted in institutions, with integers and exact fractions. Majority and quorum are not in the sources; the rule a body
has unless it chose another one is domain.md G1, G2 and G5, and what consensus is, G6.
"""
