"""A scenario becomes numbers: a ``Scenario`` comes in, a ``World`` with its names and the callers to expect goes out.

The only place where units change on the way to an engine.
"""
