"""A roster that is there and must change: who takes a duty on the day, whom to call in a surge, what changed for whom,
and why there is none."""
