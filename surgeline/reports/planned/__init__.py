"""The parts of a plan's report and its order sheet, one file each."""
