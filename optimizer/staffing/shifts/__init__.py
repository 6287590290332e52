"""Which shifts, and how many people on each: need by interval and prices come in, a plan of shifts or of breaks goes
out, with what it costs. Plain arrays; nothing of scenarios or files."""
