"""The centre: a guide and a visitor's answers in, a recommendation out. No Django, no database, no clock."""
