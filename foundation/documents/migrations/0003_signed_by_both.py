from django.db import migrations

GUARD = migrations.RunSQL(
    """
    CREATE FUNCTION documents_refuse_unsigned() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.state = 'signed' AND 2 <> (
            SELECT count(*) FROM documents_signature s
            WHERE s.version_id = NEW.id AND s.digest = NEW.digest)
        THEN
            RAISE EXCEPTION 'a version holds once both functions have signed it'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER unsigned BEFORE INSERT OR UPDATE OF state ON documents_version
        FOR EACH ROW EXECUTE FUNCTION documents_refuse_unsigned();
    """,
    """
    DROP TRIGGER unsigned ON documents_version;
    DROP FUNCTION documents_refuse_unsigned();
    """,
)


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_signed_text_never_changes")]
    operations = [GUARD]
