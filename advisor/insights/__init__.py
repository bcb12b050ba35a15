"""Figures for the owner: how many visitors start, where they stop, what they get and what follows. Read-only."""
