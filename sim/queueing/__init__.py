"""Formulas of queues, safe under any overload.

Loads, seats and patience come in, chances and waits go out. Stands apart.
"""
