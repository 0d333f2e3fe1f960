"""A throw-away database of its own for each process of the bench."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout

from django.db import connection


@contextmanager
def throw_away(name: str) -> Iterator[None]:
    """Create a migrated database beside the configured one, use it, and drop it."""
    original = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = f"bench_{name}"
    with redirect_stdout(sys.stderr):  # it says that the table of the cache exists, whatever the verbosity
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(original, verbosity=0)
