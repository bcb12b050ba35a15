"""What goes out: the outbox, its worker, and the ledger that staff see."""
