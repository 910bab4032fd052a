"""Hand-written set SQL that fills copies of the product's own tables.

The copies have every column, index, check and foreign key of the originals; what is
written are the same leads, stage changes, events and clocks, without validation,
identity, companies, opening hours or a ledger that is checked.
"""

import psycopg2.extensions

COPIED = ("leads_lead", "leads_stagechange", "ledger_event", "sla_clock")
_COPY = "CREATE TABLE same.{0} (LIKE public.{0} INCLUDING ALL)"
_FOREIGN_KEYS = """
    SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE contype = 'f' AND conrelid = ANY(%s::regclass[])
"""
STATEMENTS = [
    """CREATE TEMP TABLE fresh ON COMMIT DROP AS WITH made AS (
        INSERT INTO same.leads_lead (external_system, external_id, email, email_folded,
            phone, first_name, last_name, job_title, language, source, segment, country,
            priority, do_not_contact, exclusion, stage, round, stage_since_at,
            created_at, first_mql_at, round_mql_at)
        SELECT 'bench', external_id, email, email, '', '', '', '', '', source, '',
            country, 0, false, '', 'mql', 1, at, at, at, at FROM staged
        ON CONFLICT (external_system, external_id) WHERE NOT external_id = ''
            DO NOTHING
        RETURNING id, external_id)
    SELECT made.id, staged.at, staged.due, staged.source, staged.country
    FROM made JOIN staged USING (external_id)""",
    """INSERT INTO same.leads_stagechange (is_withdrawal, in_force, round, from_stage,
        to_stage, occurred_at, recorded_at, cause, reason, although_met, implied,
        history, source, segment, country, entry_id, lead_id)
    SELECT false, true, 0, '', 'lead', at, now(), 'created', '', false, false, true,
        source, '', country, 1, id FROM fresh
    UNION ALL SELECT false, true, 1, 'lead', 'mql', at, now(), 'import', '', false,
        false, true, source, '', country, 1, id FROM fresh""",
    """INSERT INTO same.ledger_event
        (entry_id, kind, subject_type, subject_id, payload)
    SELECT 1, 'leads.lead.created', 'leads.lead', id,
        jsonb_build_object('source', source) FROM fresh
    UNION ALL SELECT 1, 'leads.stage.changed', 'leads.lead', id,
        jsonb_build_object('from', 'lead', 'to', 'mql', 'round', 1, 'cause', 'import',
            'implied', false, 'reason', '') FROM fresh""",
    """INSERT INTO same.sla_clock (lead_id, round, kind, excepted, late_agreed, pauses,
        change_id, clause_id, calendar_id, state, history, waiting, started_at, due_at,
        breach_at, done_by, ended_at, cancelled_reason, logged_late, self_reported,
        by_silence, although_met, by_hand, segments, source, segment, country, entry_id)
    SELECT id, 1, kind, false, false, 0, 1, 1, 1, 'breached', true, false, at, due,
        due, '', due, '', false, false, false, false, false, 0, source, '', country, 1
    FROM fresh, unnest(ARRAY['acceptance', 'first_response']) kind""",
    """SELECT sha256(string_agg(id || kind || subject_id || payload::text, ''
        ORDER BY id)::bytea) FROM same.ledger_event
    WHERE id > (SELECT max(id) FROM same.ledger_event) - 2 * (SELECT count(*)
        FROM fresh)""",
]


def make(cursor: psycopg2.extensions.cursor) -> None:
    """Make the copies."""
    cursor.execute("CREATE SCHEMA same")
    for table in COPIED:
        cursor.execute(_COPY.format(table))
    cursor.execute(_FOREIGN_KEYS, [list(COPIED)])
    for table, definition in cursor.fetchall():
        for copied in COPIED:
            definition = definition.replace(f" {copied}(", f" same.{copied}(")  # noqa: PLW2901 -- one after the other
        cursor.execute(f"ALTER TABLE same.{table} ADD {definition}")
