from django.db import migrations

from foundation.kernel.append_only import append_only

KEEP = migrations.RunSQL(
    """
    CREATE FUNCTION kpis_keep_scorecard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' AND OLD.pinned_at IS NULL THEN
            RETURN OLD;
        END IF;
        IF TG_OP = 'UPDATE' AND OLD.pinned_at IS NULL
           AND to_jsonb(OLD) - '{pinned_at,pinned_by_id}'::text[]
               = to_jsonb(NEW) - '{pinned_at,pinned_by_id}'::text[]
        THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'A scorecard never changes, a pinned one stays'
            USING ERRCODE = 'integrity_constraint_violation';
    END $$;
    CREATE TRIGGER keep_rows BEFORE UPDATE OR DELETE ON kpis_scorecard
        FOR EACH ROW EXECUTE FUNCTION kpis_keep_scorecard();
    CREATE TRIGGER keep_table BEFORE TRUNCATE ON kpis_scorecard
        FOR EACH STATEMENT EXECUTE FUNCTION alignment_refuse_change();
    """,
    """
    DROP TRIGGER keep_rows ON kpis_scorecard;
    DROP TRIGGER keep_table ON kpis_scorecard;
    DROP FUNCTION kpis_keep_scorecard();
    """,
)


class Migration(migrations.Migration):
    dependencies = [
        ("kpis", "0002_scorecards"),
        ("ledger", "0002_append_only"),
    ]
    operations = [KEEP, append_only("kpis_target")]
