"""Domains that belong to everybody, and so to no company."""

# fmt: off
FREE = frozenset({
    "gmail.com", "googlemail.com", "yahoo.com", "yahoo.ro", "yahoo.pl", "ymail.com",
    "hotmail.com", "hotmail.ro", "outlook.com", "outlook.pl", "live.com", "msn.com",
    "icloud.com", "me.com", "mac.com", "aol.com", "proton.me", "protonmail.com",
    "pm.me", "gmx.com", "gmx.net", "gmx.de", "web.de", "mail.com", "mail.ru",
    "yandex.com", "zoho.com", "tutanota.com", "fastmail.com", "wp.pl", "o2.pl",
    "onet.pl", "onet.eu", "op.pl", "vp.pl", "interia.pl", "interia.eu", "poczta.fm",
    "tlen.pl", "gazeta.pl", "poczta.onet.pl", "buziaczek.pl", "spoko.pl", "email.ro",
    "k.ro", "home.ro", "personal.ro",
})
# fmt: on


def is_free(domain: str) -> bool:
    """Tell whether a (folded) domain is a free-mail provider's."""
    return domain in FREE


def company_domain(email_folded: str) -> str:
    """Return the company's domain of an address; blank for a free-mail address."""
    domain = email_folded.rpartition("@")[2]
    return "" if is_free(domain) else domain
