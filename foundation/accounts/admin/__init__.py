from foundation.accounts.admin import (
    invitations,
    ledger,
    people,
    teams,
    tokens,
    workspace,
)

__all__ = ["invitations", "ledger", "people", "teams", "tokens", "workspace"]
