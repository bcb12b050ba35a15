"""Webhooks: they report events to other systems, signed by the Standard Webhooks specification."""
