"""Who asked: the people who want a call, and what they were told."""
