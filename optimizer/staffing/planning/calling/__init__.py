"""On which terms a city's people are called: its groups, rules of work and rosters come in; who can be reached, and the
account of overtime that each has had, go out."""
