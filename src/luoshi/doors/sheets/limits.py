"""How much is taken at once; more is told to be split."""

BYTES = 30 * 2**20
"""Of the upload."""

UNPACKED = 400 * 2**20
"""Of all parts of a workbook: 100,000 rows of eight columns unpack to about 40 MB."""

PARTS = 2_000
ROWS = 120_000
COLUMNS = 200
CELLS = 6_000_000
"""Rows times columns: the reader keeps the whole rectangle in memory."""

CELL = 10_000
"""Characters of one cell."""

SHOWN = 30
"""How many of one kind of oddity are named."""

FORMULAS = 2_000
"""Formulas without a value after which a file is refused as a whole."""
