"""The right to read what visitors say."""

READ_FEEDBACK = "feedback.view_tally"
