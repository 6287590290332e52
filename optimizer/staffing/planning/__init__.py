"""A staffing plan from beginning to end: a scenario and a city come in; need, shifts, roster and what they bring go
out."""
