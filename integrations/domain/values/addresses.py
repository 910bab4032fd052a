"""Where somebody is reached: e-mail addresses, domains."""

import re

from integrations.domain.problems import BadValue
from integrations.domain.values.columns import cut

LONGEST_EMAIL = 254
LONGEST_DOMAIN = 253
_EMAIL = re.compile(
    r"(?=.{1,64}@)[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f-\x9f]+"
    r"@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]*[^\W_]"
)
_LABELS = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]"
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://|//", re.IGNORECASE)
_AFTER_HOST = re.compile(r"[/?#\\].*", re.DOTALL)
_PORT = re.compile(r":\d{0,5}$")


def parse_email(text: str) -> str:
    """Read an e-mail address, case-folded: in that form addresses are compared.

    Raises:
        BadValue: not one address, or longer than 254 characters.
    """
    address = text.casefold()
    local = address.partition("@")[0]
    dotted = local.startswith(".") or local.endswith(".") or ".." in local
    if dotted or len(address) > LONGEST_EMAIL or not _EMAIL.fullmatch(address):
        raise BadValue("not_an_email")
    return address


def parse_domain(text: str) -> str:
    """Read the domain of an address of the web, in lower case and ASCII (IDNA).

    Scheme, user, port, path, a leading ``www.`` and a trailing dot are taken off.

    Raises:
        BadValue: what is left is no domain.
    """
    host = _AFTER_HOST.sub("", _SCHEME.sub("", text, count=1))
    name = _PORT.sub("", host.rpartition("@")[2]).rstrip(".").casefold()
    bare = name.removeprefix("www.")
    domain = _in_ascii(bare if "." in bare else name)
    if len(domain) > LONGEST_DOMAIN or not _LABELS.fullmatch(domain):
        raise BadValue("not_a_domain", text=cut(text))
    return domain


def _in_ascii(name: str) -> str:
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
