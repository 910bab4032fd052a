from django.db import migrations

from foundation.kernel.references import never_deleted


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0003_entries_verified"), ("ledger", "0002_append_only")]
    operations = [never_deleted("campaigns_campaign")]
