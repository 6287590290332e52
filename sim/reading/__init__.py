"""From a file to a scenario: see loading."""
from sim.reading.loading import load

__all__ = ["load"]
