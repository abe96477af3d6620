"""Reading: one module per page, explicit columns into frozen dataclasses."""
