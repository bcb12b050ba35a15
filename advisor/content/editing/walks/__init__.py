"""Adding a role, and adding a guide, as a walk of a few pages: each is saved as one goes, so that Back, another day and
another editor find it as it is.
"""
