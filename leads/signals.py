"""What other apps may react to. Receivers run inside the sender's transaction.

Facts arrive in sets, one or a hundred thousand, so signals name a set of rows and need
not carry them: ``rows`` is a `leads.domain.sets.Rows` (the entry and the first and last
id); a receiver selects ``WHERE id BETWEEN first AND last AND entry_id = entry`` and
works on all of them in a constant number of statements.
"""

from django.dispatch import Signal

stages_changed = Signal()
"""Sent with ``rows`` (of StageChange), ``by`` and ``at`` after changes were written.

Where they are those of new leads and still at hand, ``changes`` holds them, each with
its ``lead``, so that nobody reads back what was written a moment ago.
"""

stages_corrected = Signal()
"""Sent with ``lead_ids``, ``rows`` (the corrections), ``by`` and ``at``.

The changes that ``rows`` correct are no longer in force; ``before`` holds the leads'
entry times before, as ``{lead_id: {stage: moment}}``.
"""

touches_logged = Signal()
"""Sent with ``rows`` (of Touchpoint), ``by`` and ``at`` after touches were written."""

touches_withdrawn = Signal()
"""Sent with ``rows`` (the withdrawals), ``by`` and ``at``."""

leads_changed = Signal()
"""Sent with ``lead_ids``, ``fields`` (names), ``by`` and ``at``; owner, exclusion, …

``live`` is False where history was loaded or taken back: nobody qualifies by that.
"""

companies_changed = Signal()
"""Sent with ``company_ids``, ``fields`` (names), ``by`` and ``at``."""
