"""How much a workbook may be. A report of 250 questions is a hundredth of it; what is beyond is refused, never cut off."""

MEGABYTE = 1024 * 1024

FILE_BYTES = 10 * MEGABYTE
"""As sent."""
EXPANDED_BYTES = 48 * MEGABYTE
"""Of the parts that are read, together, counted as they are unpacked."""
ENTRIES = 2_000
"""Parts of the file, read or not."""
SHEETS = 100
STYLES = 65_536
FORMATS, FORMAT_LENGTH = 2_000, 500
"""Number formats that the workbook defines; Excel itself takes about 250 of 255 characters."""
ROWS = 50_000
COLUMNS = 500
"""Where the last cell that is not empty may stand."""
CELLS = 200_000
"""Not empty, in all sheets."""
REPORT_CELLS = 20_000
"""The same of a workbook that is to be a report: it is looked through and written out again by the web's own process."""
ALL_ROWS = 100_000
"""Up to the last that is not empty, in all sheets."""
PLACES = 2_000_000
"""Up to the last cell of each row that is not empty, in all rows: what a table of the cells takes, however few they are."""
TAGS = 1_600_000
"""Of XML, in all parts that are read: a cell takes four to six, an empty one with a border one."""
TEXT_LENGTH = 32_767
"""Of one cell, as Excel has it."""
SHARED_TEXTS = 300_000
TEXT = 8_000_000
"""Characters of all cells, and of all shared texts."""
TOKEN_BYTES = MEGABYTE
"""Of one tag with its attributes."""
NAMESPACES = 1_000
"""Declared in one part."""

MEMORY_BYTES = 180 * MEGABYTE
"""Of the process that reads: its whole address space, of which it uses less."""
CPU_SECONDS = 4
SECONDS = 5
"""From its start to its last word."""
FILES = 3
"""It has its input, its output, and nothing else."""
ANSWER_BYTES = 64 * MEGABYTE
PROCESSES = 2
"""At once, of one process of the web or of the workers; more wait."""

ARCHIVE_BYTES = 50 * MEGABYTE
"""Of a ZIP file of many workbooks, as sent. Each file in it is held to FILE_BYTES."""
ARCHIVE_FILES = 500
ARCHIVE_EXPANDED_BYTES = 200 * MEGABYTE
"""Of all its files together, counted as they are unpacked, one after the other."""
