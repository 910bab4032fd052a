"""Switch the append-only triggers off, as only the owner of the tables can."""

from contextlib import contextmanager

from django.db import connection


def switch_triggers(how: str) -> str:
    """Return the statement that enables or disables the triggers of every table."""
    return f"""
        DO $$ DECLARE name regclass; BEGIN
            FOR name IN SELECT DISTINCT tgrelid::regclass FROM pg_trigger
                WHERE NOT tgisinternal
            LOOP EXECUTE format('ALTER TABLE %s {how} TRIGGER USER', name); END LOOP;
        END $$
    """


@contextmanager
def triggers_off():
    """Do what a person with the owner's password could do behind our back."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(switch_triggers("DISABLE"))
        yield cursor
        cursor.execute(switch_triggers("ENABLE"))
