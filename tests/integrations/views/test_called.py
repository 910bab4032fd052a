"""A file whose columns are named as the page names them needs no mapping."""

import pytest
from django.utils import translation

from integrations.domain.kinds import KINDS, kind_of
from integrations.domain.suggestion import suggest
from integrations.forms.words import TARGET_LABELS, called


@pytest.mark.parametrize("language", ["en", "ro", "pl"])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_column_is_recognised_by_its_name_on_the_page(kind, language):
    with translation.override(language):
        labels = {t.name: str(TARGET_LABELS[t.name]) for t in kind_of(kind).targets}

    assert suggest(kind, list(labels.values()), called()) == labels
