from django.db import migrations

from foundation.kernel.references import never_deleted


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("ledger", "0002_append_only")]
    operations = [never_deleted("accounts_user")]
