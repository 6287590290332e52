"""What a record says of the people behind it.

In: counts by interval as an ACD has them, the habits of callers, and how many of them a scenario expects. Out: fresh
callers by interval, and how many to expect on the days after, each with an interval.
"""
