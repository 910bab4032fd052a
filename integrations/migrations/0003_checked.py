from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('integrations', '0002_undoing'),
    ]

    operations = [
        migrations.AddField(
            model_name='load',
            name='checked',
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
