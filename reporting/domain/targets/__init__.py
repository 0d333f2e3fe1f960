"""Targets: issuing them, and taking note of them."""
