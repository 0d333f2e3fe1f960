"""Workbooks broken in thousands of ways, each given to the reader, and through HTTP to the pages that take them: the district's
own, and the bureau's, which takes many in an archive.

What is done to file n of a seed depends on the seed and n alone. The report's own workbooks, to which some of it is done, carry
the moment they were made at, so the files that did harm are kept (var/fuzz).
"""
