from django.db import migrations, models

_KEEP = """
    CREATE OR REPLACE FUNCTION kpis_keep_scorecard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' AND OLD.pinned_at IS NULL THEN
            RETURN OLD;
        END IF;
        IF TG_OP = 'UPDATE' AND OLD.pinned_at IS NULL
           AND to_jsonb(OLD) - '{%(free)s}'::text[]
               = to_jsonb(NEW) - '{%(free)s}'::text[]
        THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'A scorecard never changes, a pinned one stays'
            USING ERRCODE = 'integrity_constraint_violation';
    END $$;
"""
"""As in 0003, but for what of an unpinned card may be written."""


class Migration(migrations.Migration):
    dependencies = [("kpis", "0003_kept")]

    operations = [
        migrations.CreateModel(
            name="Sheet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("page", models.CharField(max_length=200)),
                ("position", models.BigIntegerField()),
                ("day", models.DateField()),
                ("settings", models.JSONField()),
                ("settings_digest", models.CharField(max_length=64)),
                ("answers", models.JSONField()),
                ("computed_at", models.DateTimeField()),
                ("asked_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["asked_at"], name="kpis_sheet_asked")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("page", "position", "day", "settings_digest"),
                        name="kpis_sheet_once",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="scorecard",
            name="asked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(
            _KEEP % {"free": "pinned_at,pinned_by_id,asked_at"},
            _KEEP % {"free": "pinned_at,pinned_by_id"},
        ),
    ]
