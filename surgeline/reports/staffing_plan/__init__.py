"""The report of a staffing plan, one file a section: a staffing folder comes in."""
