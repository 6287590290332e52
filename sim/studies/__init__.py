"""Many replications on the same luck.

Scenarios come in; results, comparisons, sensitivities and fitted values go out.
"""
