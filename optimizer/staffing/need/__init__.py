"""How many seats must be open, interval by interval: calls and a target come in, the fewest seats go out."""
