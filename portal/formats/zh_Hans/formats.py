"""Thousands are grouped as in the bureau's tables and as officers type them; dates are Django's own."""

THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
