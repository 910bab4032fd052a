from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from integrations.domain.kinds import KINDS
from integrations.forms.words import KIND_LABELS


class UploadForm(forms.Form):
    """A file and what it holds."""

    kind = forms.ChoiceField(
        label=_("What the file holds"),
        choices=[(name, KIND_LABELS[name]) for name in KINDS],
        initial="leads",
    )
    file = forms.FileField(
        label=_("CSV or XLSX file"),
        max_length=255,
        allow_empty_file=True,  # the reader says it better
        error_messages={"required": _("Choose a file.")},
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )

    def __init__(self, *args: Any, too_large: bool = False, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "Drop it here or choose it. At most %(limit)s; the first row names the "
            "columns."
        ) % {"limit": _limit()}
        if too_large:  # it was dropped, and so looks as if none had been chosen
            self.fields["file"].error_messages["required"] = _too_large()


def _too_large() -> str:
    """Return the sentence for a file that is larger than the settings allow."""
    return str(
        _(
            "The file is larger than %(limit)s. Split it into several files; rows "
            "that were loaded before change nothing."
        )
        % {"limit": _limit()}
    )


def _limit() -> str:
    return filesizeformat(settings.IMPORT_MAX_BYTES)
