"""Form fields of a guide, and what stands below them."""
