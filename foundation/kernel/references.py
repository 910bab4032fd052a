"""References held in sets, for tables that are filled by the hundred thousand.

A foreign key looks every row up by itself and locks what it finds; that is a fifth of
the time a large load takes. Where nothing is ever deleted from the tables referred to,
one look per statement does the same, and refuses with the same error.
"""

from collections.abc import Mapping

from django.db.migrations import RunSQL

_MISSING = """
    IF missing IS NULL AND least_{column} IS NOT NULL THEN
        SELECT '{column}=' || added.{column} INTO missing FROM added
        LEFT JOIN (SELECT id FROM {target}
            WHERE id BETWEEN least_{column} AND most_{column}) AS target
            ON target.id = added.{column}
        WHERE target.id IS NULL AND added.{column} IS NOT NULL LIMIT 1;
    END IF;
"""


def held_references(table: str, targets: Mapping[str, str]) -> RunSQL:
    """Refuse inserted rows of ``table`` that refer to what is not there.

    ``targets`` gives each column the table whose ``id`` it holds; NULL refers to
    nothing. The references of a row must not change later (see `append_only`), and rows
    of the targets must never be deleted (see `never_deleted`).
    """
    checks = "".join(
        _MISSING.format(column=column, target=target)
        for column, target in targets.items()
    )
    bounds = [f"{bound}_{column}" for column in targets for bound in ("least", "most")]
    found = [f"{bound}({column})" for column in targets for bound in ("min", "max")]
    # A table that was empty a moment ago looks small to the planner, so it is not asked
    # whether to go through it once for each row.
    create = f"""
        CREATE FUNCTION {table}_references() RETURNS trigger LANGUAGE plpgsql
        SET enable_nestloop = off AS $$
        DECLARE missing text; {"".join(f"{bound} bigint; " for bound in bounds)}
        BEGIN
            SELECT {", ".join(found)} INTO {", ".join(bounds)} FROM added;
            {checks}
            IF missing IS NOT NULL THEN
                RAISE EXCEPTION '{table} refers to what is not there: %', missing
                    USING ERRCODE = 'foreign_key_violation', TABLE = '{table}';
            END IF;
            RETURN NULL;
        END $$;
        CREATE TRIGGER held_references AFTER INSERT ON {table}
            REFERENCING NEW TABLE AS added
            FOR EACH STATEMENT EXECUTE FUNCTION {table}_references();
    """  # noqa: S608 -- names are ours
    drop = f"""
        DROP TRIGGER held_references ON {table};
        DROP FUNCTION {table}_references();
    """
    return RunSQL(create, drop)


def never_deleted(table: str) -> RunSQL:
    """Refuse DELETE from ``table``, whose rows are referred to without foreign keys."""
    return RunSQL(
        f"""
        CREATE FUNCTION {table}_never_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'rows of {table} are never deleted'
                USING ERRCODE = 'restrict_violation', TABLE = '{table}';
        END $$;
        CREATE TRIGGER never_deleted BEFORE DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {table}_never_deleted();
        """,
        f"""
        DROP TRIGGER never_deleted ON {table};
        DROP FUNCTION {table}_never_deleted();
        """,
    )
