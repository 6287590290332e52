"""What both engines share and stand on, in whole numbers: a ``World`` and its ``Callers`` come in, ``Outcomes`` go out.

Knows nothing of scenarios: milliseconds, indexes and arrays only.
"""
