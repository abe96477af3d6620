"""Rows become a chart that anything can draw: pure functions, no I/O, no Reflex."""
