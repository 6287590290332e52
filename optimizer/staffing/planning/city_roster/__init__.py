"""A city's people as a problem of rosters, and back: a scenario, shifts and people needed come in; a problem goes out,
and for its solution the rows and shifts that are written, wishes that are granted, and why people are missing.

``rostering`` makes the problem, out of rules of work (``limits``), the city's own table (``from_table``,
``carried_in``, ``table_shifts``) and what is published; ``delivering`` puts what is planned into the scenario again.
"""
