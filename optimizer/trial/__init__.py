"""Plans in simulation: orders, counts, verdicts, and what is learnt from them."""
