"""What happened, counted: ``Outcomes`` come in, metrics and tables with names, seconds and local time go out."""
