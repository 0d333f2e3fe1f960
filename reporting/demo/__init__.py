"""Synthetic data for the demonstration: deterministic, in steps of the domain, adding up to the published city figures."""
