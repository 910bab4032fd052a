"""Criteria of a definition: how they are written, read, judged and explained.

The form is documented in `docs/criteria.md`; the second reading, one SQL condition for
all leads, is `leads.queries.criteria`.
"""
