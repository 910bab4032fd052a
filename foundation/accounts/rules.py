"""Which role may do what. Object-level rules live in each app's ``rules.py``."""

from django.contrib.auth.models import AnonymousUser

from foundation.accounts.enums import FUNCTIONS, Permission, Role
from foundation.accounts.models import ApiToken, Team, User

_MEMBER = frozenset(
    {
        Permission.LEADS_VIEW,
        Permission.NUMBERS_VIEW,
        Permission.DEFINITIONS_VIEW,
        Permission.AGREEMENT_VIEW,
        Permission.MEETINGS_VIEW,
        Permission.MEETINGS_HOLD,
        Permission.OWN_ACCOUNT,
    }
)
_REP = _MEMBER | {
    Permission.LEADS_WORK,
    Permission.TOUCHES_EDIT,
    Permission.DEALS_EDIT,
    Permission.LEADS_EDIT,
}
_MARKETER = _MEMBER | {
    Permission.LEADS_EDIT,
    Permission.TOUCHES_EDIT,
    Permission.CAMPAIGNS_EDIT,
    Permission.IMPORTS_RUN,
}
_HEAD = {
    Permission.LEADS_ASSIGN,
    Permission.PERSONS_VIEW,
    Permission.IMPORTS_RUN,
    Permission.DEFINITIONS_EDIT,
    Permission.AGREEMENT_EDIT,
}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.SALES_REP: _REP,
    Role.MARKETER: _MARKETER,
    Role.HEAD_OF_SALES: _REP | _HEAD,
    Role.HEAD_OF_MARKETING: _MARKETER | _HEAD,
    Role.REVENUE_OPERATIONS: _MARKETER
    | {
        Permission.LEADS_ASSIGN,
        Permission.REASONS_EDIT,
        Permission.DEFINITIONS_EDIT,
        Permission.AGREEMENT_EDIT,
        Permission.DEALS_EDIT,
        Permission.REVENUE_EDIT,
        Permission.TOKENS_EDIT,
    },
    Role.CUSTOMER_CARE: _MEMBER | {Permission.REVENUE_EDIT, Permission.DEALS_EDIT},
    Role.LEADERSHIP: _MEMBER
    | {
        Permission.PERSONS_VIEW,
        Permission.LEADERSHIP_VIEW,
        Permission.SETTINGS_EDIT,
        Permission.PEOPLE_EDIT,
    },
    Role.ADMIN: _MEMBER
    | {
        Permission.LEADERSHIP_VIEW,
        Permission.SETTINGS_EDIT,
        Permission.PEOPLE_EDIT,
        Permission.TOKENS_EDIT,
        Permission.IMPORTS_RUN,
        Permission.REASONS_EDIT,
    },
    Role.INTEGRATION: frozenset(Permission)
    - {
        Permission.REASONS_EDIT,
        Permission.LEADERSHIP_VIEW,
        Permission.SETTINGS_EDIT,
        Permission.PEOPLE_EDIT,
        Permission.TOKENS_EDIT,
    },
}

SCOPES: dict[Permission, str] = {
    Permission.LEADS_VIEW: "leads:read",
    Permission.LEADS_EDIT: "leads:write",
    Permission.LEADS_WORK: "leads:write",
    Permission.LEADS_ASSIGN: "leads:write",
    Permission.TOUCHES_EDIT: "touchpoints:write",
    Permission.CAMPAIGNS_EDIT: "campaigns:write",
    Permission.DEALS_EDIT: "deals:write",
    Permission.REVENUE_EDIT: "revenue:write",
    Permission.NUMBERS_VIEW: "kpis:read",
    Permission.PERSONS_VIEW: "kpis:read",
    Permission.DEFINITIONS_VIEW: "definitions:read",
    Permission.DEFINITIONS_EDIT: "definitions:write",
    Permission.AGREEMENT_VIEW: "agreement:read",
    Permission.AGREEMENT_EDIT: "agreement:write",
    Permission.MEETINGS_VIEW: "meetings:read",
    Permission.OWN_ACCOUNT: "me:read",
}
"""What a token must carry for a permission; the others no token can have."""


def has_permission(user: User | AnonymousUser, permission: Permission) -> bool:
    """Tell whether the user's role grants ``permission``. Nobody else has any."""
    return (
        isinstance(user, User)
        and (user.is_active or user.role == Role.INTEGRATION)
        and permission in GRANTS[Role(user.role)]
    )


def belongs(role: Role, team: Team | None) -> bool:
    """Tell whether somebody of this role may be in the team; everybody in none."""
    return team is None or FUNCTIONS.get(role) == team.function


def keeps_people(role: Role) -> bool:
    """Tell whether the role can let people in; one such person always stays."""
    return Permission.PEOPLE_EDIT in GRANTS[role]


def token_allows(token: ApiToken, permission: Permission) -> bool:
    """Tell whether the token's scopes and its owner's present role grant it."""
    return SCOPES.get(permission) in token.scopes and has_permission(
        token.owner, permission
    )


def may_compare_persons(user: User, *, heads_allowed: bool) -> bool:
    """Tell whether somebody sees numbers split by person (domain §2).

    Heads do where the workspace's setting allows it; leadership always; anybody their
    own figures, which needs no permission.
    """
    if user.role in {Role.HEAD_OF_SALES, Role.HEAD_OF_MARKETING}:
        return heads_allowed
    return has_permission(user, Permission.PERSONS_VIEW)


def may_keep_vacations(user: User, person: User) -> bool:
    """Tell whether somebody writes down when a person is away.

    One's own; heads those of their department; revenue operations and leadership all.
    """
    if not user.is_active:
        return False
    if user.role in {Role.REVENUE_OPERATIONS, Role.LEADERSHIP}:
        return True
    heads = {Role.HEAD_OF_SALES, Role.HEAD_OF_MARKETING}
    heads_them = user.role in heads and user.function == person.function
    return user.pk == person.pk or heads_them


def may_deputise(user: User, person: User) -> bool:
    """Tell whether somebody can have a person's clocks meanwhile."""
    same = user.function is not None and user.function == person.function
    return user.is_active and same and user.pk != person.pk
