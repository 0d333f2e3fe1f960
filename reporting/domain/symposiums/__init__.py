"""The symposium: planning, inviting, what the data show, and what is agreed."""
