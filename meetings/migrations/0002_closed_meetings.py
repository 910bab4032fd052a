"""Meetings that are over never change: the database sees to it, whoever writes.

Writers of a meeting's rows lock the meeting, so that nothing slips in while it ends.
Of an action only what becomes of it may change; its changes are append-only.
"""

from django.db import migrations
from django.db.migrations import RunSQL

from foundation.kernel.append_only import append_only

FUNCTIONS = RunSQL(
    """
    CREATE FUNCTION meetings_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the minutes of a meeting never change (%)', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END $$;

    CREATE FUNCTION meetings_is_over(meeting bigint) RETURNS boolean
    LANGUAGE plpgsql AS $$
    DECLARE found text;
    BEGIN
        SELECT state INTO found FROM meetings_meeting WHERE id = meeting FOR SHARE;
        RETURN coalesce(found IN ('held', 'skipped'), false);
    END $$;

    CREATE FUNCTION meetings_guard_item() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF (TG_OP <> 'INSERT' AND meetings_is_over(OLD.meeting_id))
           OR (TG_OP <> 'DELETE' AND meetings_is_over(NEW.meeting_id))
        THEN
            RAISE EXCEPTION 'the minutes of a meeting never change (%)', TG_TABLE_NAME
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END $$;

    CREATE FUNCTION meetings_guard_row() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        item bigint;
        meeting bigint;
    BEGIN
        IF TG_OP = 'UPDATE' AND TG_NARGS > 0
           AND to_jsonb(OLD) - TG_ARGV[0]::text[] = to_jsonb(NEW) - TG_ARGV[0]::text[]
        THEN
            RETURN NEW;
        END IF;
        FOREACH item IN ARRAY ARRAY[
            CASE WHEN TG_OP <> 'INSERT' THEN OLD.item_id END,
            CASE WHEN TG_OP <> 'DELETE' THEN NEW.item_id END]
        LOOP
            SELECT meeting_id INTO meeting FROM meetings_agendaitem WHERE id = item;
            IF meetings_is_over(meeting) THEN
                RAISE EXCEPTION 'the minutes of a meeting never change (%)',
                    TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
            END IF;
        END LOOP;
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END $$;

    CREATE TRIGGER closed_rows BEFORE UPDATE OR DELETE ON meetings_meeting
        FOR EACH ROW WHEN (OLD.state IN ('held', 'skipped'))
        EXECUTE FUNCTION meetings_refuse();
    CREATE TRIGGER closed_rows BEFORE INSERT OR UPDATE OR DELETE ON meetings_agendaitem
        FOR EACH ROW EXECUTE FUNCTION meetings_guard_item();
    CREATE TRIGGER closed_rows BEFORE INSERT OR UPDATE OR DELETE ON meetings_note
        FOR EACH ROW EXECUTE FUNCTION meetings_guard_row();
    CREATE TRIGGER closed_rows BEFORE INSERT OR UPDATE OR DELETE ON meetings_decision
        FOR EACH ROW EXECUTE FUNCTION meetings_guard_row();
    CREATE TRIGGER closed_rows BEFORE INSERT OR UPDATE OR DELETE ON meetings_action
        FOR EACH ROW EXECUTE FUNCTION
            meetings_guard_row('{state,owner_id,due_on,closed_at}');
    """,
    """
    DROP TRIGGER closed_rows ON meetings_action;
    DROP TRIGGER closed_rows ON meetings_decision;
    DROP TRIGGER closed_rows ON meetings_note;
    DROP TRIGGER closed_rows ON meetings_agendaitem;
    DROP TRIGGER closed_rows ON meetings_meeting;
    DROP FUNCTION meetings_guard_row();
    DROP FUNCTION meetings_guard_item();
    DROP FUNCTION meetings_is_over(bigint);
    DROP FUNCTION meetings_refuse();
    """,
)

TABLES = ["meeting", "agendaitem", "note", "decision", "action"]


def never_emptied(table: str) -> RunSQL:
    return RunSQL(
        f"""
        CREATE TRIGGER closed_table BEFORE TRUNCATE ON meetings_{table}
            FOR EACH STATEMENT EXECUTE FUNCTION meetings_refuse();
        """,
        f"DROP TRIGGER closed_table ON meetings_{table};",
    )


class Migration(migrations.Migration):
    dependencies = [("meetings", "0001_initial"), ("ledger", "0002_append_only")]
    operations = [
        FUNCTIONS,
        *(never_emptied(table) for table in TABLES),
        append_only("meetings_actionchange"),
    ]
