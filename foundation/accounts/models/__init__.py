from foundation.accounts.models.invitation import Invitation
from foundation.accounts.models.kept_answer import KeptAnswer
from foundation.accounts.models.session import Session
from foundation.accounts.models.team import Team
from foundation.accounts.models.token import ApiToken
from foundation.accounts.models.user import User
from foundation.accounts.models.vacation import Vacation
from foundation.accounts.models.workspace import Workspace

__all__ = [
    "ApiToken",
    "Invitation",
    "KeptAnswer",
    "Session",
    "Team",
    "User",
    "Vacation",
    "Workspace",
]
