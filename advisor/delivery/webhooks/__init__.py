"""Webhooks: other systems are told what happened, signed as the Standard Webhooks specification says."""
