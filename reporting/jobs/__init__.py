"""Working on the bureau's long jobs, an item at a time."""
