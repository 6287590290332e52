"""What every report is made of: blocks, charts, words, places; an opening and sections come in, one file goes out."""
