"""What a planner can write, typed.

Fields with units and sources, the rules of each part, and the words for what breaks them. Values of a file come in; an
immutable ``Scenario`` goes out.
"""
