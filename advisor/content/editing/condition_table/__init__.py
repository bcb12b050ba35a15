"""The outcome table, the remarks and the needs of roles as tables of conditions, each on one page and saved at once."""
