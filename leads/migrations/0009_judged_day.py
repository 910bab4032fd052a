
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('leads', '0008_dry_runs'),
    ]

    operations = [
        migrations.CreateModel(
            name='JudgedDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
            ],
        ),
    ]
