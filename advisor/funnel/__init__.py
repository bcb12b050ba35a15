"""Counts the steps of visitors by day, guide, edition, source and entrance. It knows no person."""
