"""People who stand by: a roster and days that may come to it come in; how many, in which hours, who, and at what price
go out."""
