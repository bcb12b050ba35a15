"""What staff do with a guide where Django admin's forms do not fit: pages of our own inside the admin.

- ``urls``: the address of every page; ``pages``: the decorator that every page has, and their frame.
- ``views``: a module for each page, or for pages that belong together.
- ``condition_table``: the page of the outcome table and of the remarks.
- ``fields``: the form fields that these pages share with the forms of the admin, and the hints below them.
- ``positions``: the order of parts; ``places``: the words and the page for a place in a guide.
"""
