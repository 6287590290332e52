"""Named people over weeks: a problem of plain values comes in, a roster with its cost and a bound goes out.

``problem`` says what is asked, ``evaluate`` what any roster is worth and which rules it breaks, ``solve`` finds one.
"""
