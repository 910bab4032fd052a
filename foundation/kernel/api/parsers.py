"""Read the JSON that a request carries."""

import json
import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any, override

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

_HALF = re.compile(rb"\\u[dD][89a-fA-F]")
"""An escape that is half of a character."""


class StrictJSONParser(JSONParser):
    """Refuses JSON that could be neither kept nor answered.

    That is half a character (a lone surrogate), which no database takes and no answer
    can repeat, and values so deep in each other that nothing can read them.
    """

    @override
    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        sent = stream.read()
        try:
            data = super().parse(BytesIO(sent), media_type, parser_context)
            if _HALF.search(sent):
                json.dumps(data, ensure_ascii=False).encode()
        except RecursionError as error:
            raise ParseError(_("The JSON is too deep.")) from error
        except UnicodeEncodeError as error:
            raise ParseError(_("The JSON holds half a character.")) from error
        return data
