"""Workbooks that people fill in and send back. What is read of them is read here."""
