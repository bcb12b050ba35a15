"""Leads as a file: what stands in it, how it is written, and how far it has come."""
