"""How Django writes times where no template says it."""
