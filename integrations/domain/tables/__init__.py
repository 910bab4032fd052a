"""Files as tables: `open_table` tells what a file is and reads it row by row."""

from integrations.domain.tables.opening import open_table
from integrations.domain.tables.table import Row, Table

__all__ = ["Row", "Table", "open_table"]
