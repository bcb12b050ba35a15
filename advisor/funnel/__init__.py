"""Steps of visitors, counted: by day, guide, edition, source and entrance. It knows no person."""
