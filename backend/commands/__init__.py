"""Groups of the `anlan` command that act on a city which runs elsewhere."""
