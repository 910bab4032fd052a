"""Tables whose rows never change: triggers, for use in migrations."""

from collections.abc import Sequence

from django.db.migrations import RunSQL

FUNCTION = RunSQL(
    """
    CREATE FUNCTION alignment_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND TG_NARGS > 0
           AND to_jsonb(OLD) - TG_ARGV[0]::text[] = to_jsonb(NEW) - TG_ARGV[0]::text[]
        THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END $$;
    """,
    "DROP FUNCTION alignment_refuse_change();",
)


def append_only(table: str, *, projected: Sequence[str] = ()) -> RunSQL:
    """Refuse UPDATE, DELETE and TRUNCATE of ``table``.

    ``projected`` names columns that are worked out from other rows and may change.
    """
    free = f"'{{{','.join(projected)}}}'" if projected else ""
    return RunSQL(
        f"""
        CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION alignment_refuse_change({free});
        CREATE TRIGGER append_only_table BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION alignment_refuse_change();
        """,
        f"""
        DROP TRIGGER append_only_rows ON {table};
        DROP TRIGGER append_only_table ON {table};
        """,
    )
