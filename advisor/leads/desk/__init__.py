"""Where sales works: the list of leads, the page of one, the board."""
