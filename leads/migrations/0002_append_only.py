from django.db import migrations

from foundation.kernel.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("leads", "0001_initial"), ("ledger", "0002_append_only")]
    operations = [
        append_only("leads_stagechange", projected=["in_force"]),
        append_only("leads_touchpoint", projected=["in_force"]),
        append_only("leads_attributechange", projected=["in_force"]),
    ]
