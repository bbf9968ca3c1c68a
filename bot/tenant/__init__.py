"""The tenant file: what it may hold, what is wrong with it, and what applying it would change."""
