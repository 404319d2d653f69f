"""How much of a file is believed: every file that is read is taken for hostile."""

from __future__ import annotations

LARGEST_UNPACKED = 64 * 2**30
"""Bytes that an archive may unpack to."""

LARGEST_RATIO = 250
"""Times that a packed file may grow once it is past `FREE_UNPACKED` bytes."""

FREE_UNPACKED = 64 * 2**20
"""Bytes that may be unpacked whatever the ratio."""

MOST_MEMBERS = 2_000
"""Files in an archive."""

LARGEST_WORKBOOK = 300 * 2**20
"""Bytes of a spreadsheet once unpacked: it must be held in memory as a whole."""

DEEPEST = 2
"""Archives within archives."""

LONGEST_CELL = 32_767
"""Signs kept of a cell: as many as a spreadsheet holds."""

MOST_LINES = 200
"""Lines of a quoted record before its opening quote is taken for a stray one."""

LONGEST_RECORD = 2**18
"""Signs of a quoted record before its opening quote is taken for a stray one."""

LONGEST_LINE = 64 * 2**20
"""Bytes of one line of JSON."""

WIDEST = 500
"""Columns of a table."""

SAMPLE = 200
"""Rows by which a table is recognised."""
