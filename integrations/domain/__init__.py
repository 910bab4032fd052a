"""Reading files of records: tables, mappings, values, rows. Knows no framework."""
