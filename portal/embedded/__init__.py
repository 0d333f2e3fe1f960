"""Runs a command beside a PostgreSQL and a Redis of its own: `python -m portal.embedded -- COMMAND`.

Nothing here imports Django, and nothing outside the folder `var/` (or PORTAL_VAR) is written.
"""
