"""What a plan adds on top of its roster, as variants that a scenario file can say: plans by name come in, levers about
so many people go out, with what they bring less than the names do."""
