"""Busy times: when the own calendars of hosts say that no call can be."""
