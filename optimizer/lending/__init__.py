"""Which cities lend how many seats to whom, and when.

A ``Scenario`` with its terms comes in, a proved plan goes out.
"""
