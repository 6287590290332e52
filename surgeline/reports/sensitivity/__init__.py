"""The report of a sensitivity study: a sensitivity folder comes in."""
