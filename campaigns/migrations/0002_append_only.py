from django.db import migrations

from foundation.kernel.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0001_initial"),
        ("ledger", "0002_append_only"),
    ]
    operations = [append_only("campaigns_spendentry", projected=["in_force"])]
