"""Pages for everybody, without sign-in: they read `reporting/queries/released.py` and nothing else."""
