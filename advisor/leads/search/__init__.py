"""Finding leads by words: what they are, how they are kept in step, and how those that were typed match them."""
