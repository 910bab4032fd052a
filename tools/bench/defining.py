"""Put a definition of MQL in force that every lead of source ``webinar`` meets."""

import sys

CRITERIA = {
    "rules": {
        "all": [
            {"field": "lead.source", "op": "is", "value": "webinar"},
            {
                "any": [
                    {"field": "lead.country", "op": "in", "value": ["RO", "PL"]},
                    {
                        "touches": {"type": ["demo_request"]},
                        "op": "at_least",
                        "value": 1,
                        "within_days": 30,
                    },
                ]
            },
        ]
    }
}


def main() -> int:
    """Sign it for both functions, in the place that the environment names."""
    import django  # noqa: PLC0415 -- only where there is a database

    django.setup()
    from foundation.accounts.models import User  # noqa: PLC0415
    from foundation.documents.actions import versions  # noqa: PLC0415
    from foundation.documents.rules import HEADS  # noqa: PLC0415
    from foundation.kernel import clock  # noqa: PLC0415
    from leads.actions import definitions  # noqa: PLC0415
    from leads.enums import Stage  # noqa: PLC0415

    at = clock.now()
    heads = list(User.objects.filter(role__in=HEADS.values(), is_active=True))
    new = definitions.Draft("MQL", criteria=CRITERIA)
    row = definitions.draft(Stage.MQL, new, by=heads[0], at=at)
    row = versions.propose(row, by=heads[0], at=at)
    for head in heads:
        versions.sign(row, digest=row.digest, by=head, at=at)
    return 0


if __name__ == "__main__":
    sys.exit(main())
