"""Every write of reporting. A function takes its actor and its instant, and refuses with `districts.errors`."""
