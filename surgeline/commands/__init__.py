"""What each command does from beginning to end.

Options come in; a folder, a report and text for the terminal go out.
"""
