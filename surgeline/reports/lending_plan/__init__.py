"""The report of a plan and its order sheet, one file a section: a plan folder comes in."""
