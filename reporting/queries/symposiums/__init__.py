"""Symposiums as people may see them, the problems that data show, and the pack of a participant."""
