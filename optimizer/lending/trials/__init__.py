"""Plans in simulation: orders come in; what they bring, what floors they break and what was learnt go out."""
