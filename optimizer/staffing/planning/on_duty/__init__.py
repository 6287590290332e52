"""From seats at the telephone to people on duty: seats that must be open come in, people who are wanted go out, in
ordinary time and in a surge, within workplaces."""
