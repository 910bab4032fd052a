from django.db import migrations

from foundation.kernel.append_only import append_only

NEVER_DELETED = migrations.RunSQL(
    """
    CREATE TRIGGER never_deleted_rows BEFORE DELETE ON sla_clock
        FOR EACH ROW EXECUTE FUNCTION alignment_refuse_change();
    CREATE TRIGGER never_deleted_table BEFORE TRUNCATE ON sla_clock
        FOR EACH STATEMENT EXECUTE FUNCTION alignment_refuse_change();
    """,
    """
    DROP TRIGGER never_deleted_rows ON sla_clock;
    DROP TRIGGER never_deleted_table ON sla_clock;
    """,
)


class Migration(migrations.Migration):
    dependencies = [("sla", "0001_initial"), ("ledger", "0002_append_only")]
    operations = [
        append_only("sla_agreement"),
        append_only("sla_clause"),
        append_only("sla_calendar"),
        append_only("sla_clockversion"),
        append_only("sla_breach"),
        append_only("sla_segment"),
        NEVER_DELETED,
    ]
