"""Everything that is done with a lead: how it comes, is corrected and merged, and what sales does with it."""
