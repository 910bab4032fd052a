"""Turn refusals into problem+json answers (RFC 9457)."""
