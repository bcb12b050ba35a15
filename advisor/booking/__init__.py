"""Hosts with their hours, free slots, calls and calendar files."""
