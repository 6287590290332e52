"""Seats that a city lends to others: its roster and its lending come in; who sits at each lent seat, who is called for
it, and what callers notice go out."""
