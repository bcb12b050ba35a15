"""What the owner sees: how many start, where they stop, what they get and what comes of it. It writes nothing."""
