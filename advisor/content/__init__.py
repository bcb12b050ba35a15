"""What editors change: the draft of each guide, and the editions published from it."""
