"""Dates and times as people write them here, one module a language that Django's own habit does not fit."""
