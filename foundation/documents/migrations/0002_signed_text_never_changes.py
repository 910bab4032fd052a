from django.db import migrations

from foundation.kernel.append_only import append_only

GUARD = migrations.RunSQL(
    """
    CREATE FUNCTION documents_refuse_other_text() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            RAISE EXCEPTION 'versions of documents are never deleted'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF OLD.kind <> NEW.kind OR OLD.number <> NEW.number
           OR OLD.state IN ('signed', 'rejected', 'withdrawn') AND OLD IS DISTINCT FROM NEW
           OR OLD.proposed_at IS NOT NULL AND (
               OLD.title, OLD.prose, OLD.content, OLD.effective_at, OLD.review_on,
               OLD.digest, OLD.proposed_at, OLD.proposed_by_id
           ) IS DISTINCT FROM (
               NEW.title, NEW.prose, NEW.content, NEW.effective_at, NEW.review_on,
               NEW.digest, NEW.proposed_at, NEW.proposed_by_id)
        THEN
            RAISE EXCEPTION 'what was put before the functions does not change'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER other_text BEFORE UPDATE OR DELETE ON documents_version
        FOR EACH ROW EXECUTE FUNCTION documents_refuse_other_text();
    """,
    """
    DROP TRIGGER other_text ON documents_version;
    DROP FUNCTION documents_refuse_other_text();
    """,
)


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial"), ("ledger", "0002_append_only")]
    operations = [
        GUARD,
        append_only("documents_signature"),
    ]
