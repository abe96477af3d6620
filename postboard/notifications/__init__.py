"""Ways out to people: one file for each channel."""
