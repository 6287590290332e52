"""One file a section: from a briefing to what the page says."""
