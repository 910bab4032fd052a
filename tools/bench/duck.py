"""The rows that reports are made of in DuckDB, as the reference that scans best."""

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import duckdb
import psycopg2

_TABLES = {
    "leads_lead": """
        id BIGINT, exclusion VARCHAR, source VARCHAR, created_at TIMESTAMPTZ,
        first_mql_at TIMESTAMPTZ, first_sal_at TIMESTAMPTZ, first_sql_at TIMESTAMPTZ,
        first_opportunity_at TIMESTAMPTZ, first_customer_at TIMESTAMPTZ
    """,
    "leads_stagechange": """
        id BIGINT, lead_id BIGINT, to_stage VARCHAR, occurred_at TIMESTAMPTZ,
        in_force BOOLEAN, is_withdrawal BOOLEAN, implied BOOLEAN, source VARCHAR
    """,
}
"""Whose other columns no question here asks for; of columns apart they cost nothing."""

_PLAIN = "HEADER false, ALLOW_QUOTED_NULLS false"


@contextmanager
def same_rows(url: str, zone: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Copy every row of these tables of a PostgreSQL, and open what holds them."""
    with closing(duckdb.connect()) as duck:
        duck.execute(f"SET TimeZone = '{zone}'")
        with closing(psycopg2.connect(url)) as connection:
            for table, columns in _TABLES.items():
                _copy(connection, duck, table, columns)
        yield duck


def _copy(
    connection: "psycopg2.extensions.connection",
    duck: duckdb.DuckDBPyConnection,
    table: str,
    columns: str,
) -> None:
    names = ", ".join(part.split()[0] for part in columns.split(","))
    duck.execute(f"CREATE TABLE {table} ({columns})")
    with tempfile.TemporaryDirectory() as folder, connection.cursor() as cursor:
        path = Path(folder) / "rows.csv"
        with path.open("wb") as file:
            cursor.copy_expert(f"COPY {table} ({names}) TO STDOUT CSV", file)
        duck.execute(f"COPY {table} FROM '{path}' (FORMAT csv, {_PLAIN})")
