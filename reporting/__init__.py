"""Reporting: indicators, definitions, cycles, submissions, review and figures."""
