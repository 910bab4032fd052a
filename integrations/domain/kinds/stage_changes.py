from integrations.domain.kinds.identity import by_reference
from integrations.domain.kinds.kind import Kind
from integrations.domain.kinds.rules import OneOf
from integrations.domain.kinds.shared import ACTOR, LEAD, REASON, SYSTEM
from integrations.domain.kinds.target import Target, Type
from integrations.domain.kinds.words import STAGES
from integrations.domain.sentences import gettext_noop

STAGE_CHANGES = Kind(
    name="stage-changes",
    help=gettext_noop("When leads reached which stage."),
    targets=(
        SYSTEM,
        *LEAD,
        Target(
            "to_stage",
            Type.CHOICE,
            gettext_noop("Stage the lead reached."),
            "stage, new stage, status, new status, to, stadiu, stadiu nou, etapa, "
            "etap, nowy etap",
            required=True,
            choices=STAGES,
        ),
        Target(
            "occurred_at",
            Type.MOMENT,
            gettext_noop("When it happened."),
            "date, time, timestamp, changed at, change date, occurred, data, "
            "data schimbarii, data zmiany",
            required=True,
        ),
        REASON,
        ACTOR,
        Target(
            "entry_date",
            Type.DAY,
            gettext_noop("For a recycled lead, the day to look at it again."),
            "re entry date, re-entry, follow up date, data revenirii, data powrotu",
        ),
    ),
    one_of=(OneOf(("lead_external_id", "lead_email")),),
    identifiers=("lead_external_id",),
    identities=by_reference(
        ("lead_external_id", "lead_email"),
        also=("external_system", "to_stage", "occurred_at"),
    ),
)
