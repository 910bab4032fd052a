"""Write definitions of a qualified lead, as documents that both functions sign."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.documents.actions import versions
from foundation.documents.actions.versions import Text, WrongDocument
from foundation.documents.models import Version
from leads.enums import Stage
from leads.queries.definitions import KINDS
from leads.validators import criteria_of

MOST_CHANCE = Decimal("0.5")


@dataclass(frozen=True)
class Draft:
    """A definition as it is written down.

    ``criteria`` are in their JSON form (`docs/criteria.md`); ``second_chance`` is the
    share of refused leads that is worked all the same, from 0 to a half.
    """

    title: str
    prose: str = ""
    criteria: Mapping[str, Any] = field(default_factory=dict)
    second_chance: Decimal = Decimal(0)
    effective_at: datetime | None = None
    review_on: date | None = None


def draft(
    stage: Stage,
    new: Draft,
    *,
    by: User | None,
    at: datetime,
    unfinished: bool = False,
) -> Version:
    """Begin the next version of a definition.

    An ``unfinished`` one is kept as it stands; it is tried out and proposed once its
    criteria can run.

    Raises:
        WrongDefinition: the criteria cannot run.
        WrongDocument: there is no title, no such stage, or the share is none.
    """
    if stage not in KINDS:
        raise WrongDocument(_("MQL and SQL have definitions."), field="stage")
    text = _as_it_stands(new) if unfinished else text_of(new)
    return versions.draft(KINDS[stage], text, by=by, at=at)


def revise(
    version: Version,
    new: Draft,
    *,
    revision: int,
    by: User,
    at: datetime,
    unfinished: bool = False,
) -> Version:
    """Change a draft; an ``unfinished`` one is kept as it stands.

    Raises:
        WrongDefinition: the criteria cannot run.
        versions.ChangedMeanwhile: it is not the revision that was read.
        versions.WrongState: it is no draft any more.
    """
    text = _as_it_stands(new) if unfinished else text_of(new)
    return versions.revise(version, text, revision=revision, by=by, at=at)


def text_of(new: Draft) -> Text:
    """Return a definition as a document, once its criteria can run.

    Raises: as `draft`.
    """
    if not new.title.strip():
        raise WrongDocument(_("Give it a title."), field="title")
    if not 0 <= new.second_chance <= MOST_CHANCE:
        raise WrongDocument(
            _("Write a share from 0 to one half."), field="second_chance"
        )
    criteria_of(new.criteria)
    return _as_it_stands(new)


def _as_it_stands(new: Draft) -> Text:
    content = {
        "criteria": dict(new.criteria),
        "second_chance": str(new.second_chance.normalize()),
    }
    return Text(
        new.title.strip(), new.prose.strip(), content, new.effective_at, new.review_on
    )


def written(version: Version) -> Draft:
    """Return what a version says."""
    share = Decimal(version.content.get("second_chance", "0"))
    return Draft(
        version.title,
        version.prose,
        version.content.get("criteria", {}),
        share,
        version.effective_at,
        version.review_on,
    )
