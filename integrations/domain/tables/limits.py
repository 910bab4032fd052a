"""How much is read at once. Beyond it a file is refused with one sentence.

A CSV file is streamed, so its size costs time and no memory. A workbook is unpacked and
held in memory: 32 bytes for every cell of the rectangle it spans, empty ones included.
"""

MB = 1024 * 1024

MAX_CSV_BYTES = 2048 * MB
MAX_LINE_BYTES = 16 * MB
MAX_COLUMNS = 1_000

MAX_XLSX_BYTES = 100 * MB
MAX_XLSX_ENTRIES = 2_000
MAX_XLSX_UNPACKED_BYTES = 600 * MB
# A sheet packs 10 to 30 times; only nonsense packs 200 times.
MAX_XLSX_RATIO = 200
# Small parts may pack better without harm.
RATIO_MATTERS_FROM_BYTES = 10 * MB
MAX_XLSX_CELLS = 10_000_000
