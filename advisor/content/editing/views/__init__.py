"""The pages about a guide, a module for each page or for pages that belong together."""
