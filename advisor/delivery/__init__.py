"""Mail and webhooks: the outbox, its worker, and the log of messages for staff."""
