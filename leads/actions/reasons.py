from typing import Any

from leads.domain.default_reasons import DEFAULTS
from leads.models import Reason


def add_defaults(**_: Any) -> None:  # noqa: ANN401 -- Django's receiver protocol
    """Fill the lists of reasons with a usable start; what is there stays as it is."""
    Reason.objects.bulk_create(
        [
            Reason(
                kind=kind,
                code=code,
                label_en=english,
                label_ro=romanian,
                label_pl=polish,
                place=place,
            )
            for place, (kind, code, english, romanian, polish) in enumerate(DEFAULTS)
        ],
        ignore_conflicts=True,
    )
