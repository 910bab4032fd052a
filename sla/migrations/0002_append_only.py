from django.db import migrations

from foundation.kernel.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("sla", "0001_initial"), ("ledger", "0002_append_only")]
    operations = [
        append_only("sla_agreement"),
        append_only("sla_clause"),
        append_only("sla_calendar"),
        append_only("sla_clockversion"),
        append_only("sla_breach"),
        append_only("sla_segment"),
    ]
