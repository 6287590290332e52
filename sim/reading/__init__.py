"""From a file to a scenario: see loading."""
from sim.reading.files import SHIPPED, shipped
from sim.reading.loading import load

__all__ = ["SHIPPED", "load", "shipped"]
