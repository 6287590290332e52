"""The model of who lends how many seats to whom: variables, constraints, goals, and the solver."""
