"""How many seats must be open, interval by interval: calls and a target come in, the fewest seats that meet it go out."""
