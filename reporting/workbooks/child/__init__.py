"""The process that reads a file nobody has looked at yet.

It starts for one file, with nothing but the standard library. It knows no settings, no database and no environment; limits.py
bounds it from inside before it reads the first byte, and process.py from outside.

Its imports are most of the time that a small workbook takes, so it has few: what only annotations need is left to the type
checker (`TYPE_CHECKING = False`; `typing` itself takes longer to load than all of these modules).
"""
