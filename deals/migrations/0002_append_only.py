from django.db import migrations

from foundation.kernel.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("deals", "0001_initial"), ("ledger", "0002_append_only")]
    operations = [
        append_only("deals_dealchange", projected=["in_force"]),
        append_only("deals_revenueentry", projected=["in_force"]),
    ]
