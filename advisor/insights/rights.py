"""The right to read figures."""

READ_INSIGHTS = "funnel.view_count"
