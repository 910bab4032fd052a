from django.db import migrations

from foundation.kernel.append_only import FUNCTION, append_only

SEAL_ONCE = migrations.RunSQL(
    """
    CREATE FUNCTION ledger_seal_once() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND OLD.position IS NULL AND NEW.position IS NOT NULL
           AND (OLD.id, OLD.actor_id, OLD.written_at, OLD.cause)
               IS NOT DISTINCT FROM (NEW.id, NEW.actor_id, NEW.written_at, NEW.cause)
        THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'ledger_entry is append-only'
            USING ERRCODE = 'integrity_constraint_violation';
    END $$;
    CREATE TRIGGER seal_once BEFORE UPDATE OR DELETE ON ledger_entry
        FOR EACH ROW EXECUTE FUNCTION ledger_seal_once();
    CREATE TRIGGER append_only_table BEFORE TRUNCATE ON ledger_entry
        FOR EACH STATEMENT EXECUTE FUNCTION alignment_refuse_change();
    """,
    """
    DROP TRIGGER seal_once ON ledger_entry;
    DROP TRIGGER append_only_table ON ledger_entry;
    DROP FUNCTION ledger_seal_once();
    """,
)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [FUNCTION, append_only("ledger_event"), SEAL_ONCE]
