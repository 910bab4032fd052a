from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Function(TextChoices):
    """The departments that sign; everything else stands between or above them."""

    SALES = "sales", _("Sales")
    MARKETING = "marketing", _("Marketing")


class Role(TextChoices):
    SALES_REP = "sales_rep", _("Sales rep")
    MARKETER = "marketer", _("Marketer")
    HEAD_OF_SALES = "head_of_sales", _("Head of sales")
    HEAD_OF_MARKETING = "head_of_marketing", _("Head of marketing")
    REVENUE_OPERATIONS = "revenue_operations", _("Revenue operations")
    CUSTOMER_CARE = "customer_care", _("Customer care and finance")
    LEADERSHIP = "leadership", _("Leadership")
    ADMIN = "admin", _("Administrator")
    INTEGRATION = "integration", _("Integration")


FUNCTIONS = {
    Role.SALES_REP: Function.SALES,
    Role.HEAD_OF_SALES: Function.SALES,
    Role.MARKETER: Function.MARKETING,
    Role.HEAD_OF_MARKETING: Function.MARKETING,
}
"""The departments' own roles; the others stand between or above them."""


class Theme(TextChoices):
    AUTO = "auto", _("As the system")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Mail(TextChoices):
    """The mails that accounts sends; NONE is a request that nobody is told about."""

    INVITATION = "invitation", _("Invitation")
    PASSWORD_RESET = "password_reset", _("Way to a new password")
    PASSWORD_CHANGED = "password_changed", _("The password was changed")
    NONE = "none", _("No mail")


class Permission(TextChoices):
    """Every permission of the product; each page and endpoint names one of these."""

    LEADS_VIEW = "leads-view", _("See leads and their paths")
    LEADS_WORK = "leads-work", _("Accept, refuse and follow up leads")
    LEADS_EDIT = "leads-edit", _("Create leads and their facts")
    LEADS_ASSIGN = "leads-assign", _("Assign leads to others")
    REASONS_EDIT = "reasons-edit", _("Keep the lists of reasons")
    TOUCHES_EDIT = "touches-edit", _("Log touches")
    CAMPAIGNS_EDIT = "campaigns-edit", _("Plan campaigns and enter spend")
    DEALS_EDIT = "deals-edit", _("Create and close deals")
    REVENUE_EDIT = "revenue-edit", _("Enter revenue and churn")
    NUMBERS_VIEW = "numbers-view", _("See the joint numbers")
    PERSONS_VIEW = "persons-view", _("See numbers split by person")
    DEFINITIONS_VIEW = "definitions-view", _("Read definitions and their dry runs")
    DEFINITIONS_EDIT = "definitions-edit", _("Draft definitions and try them out")
    AGREEMENT_VIEW = "agreement-view", _("Read the agreement and its clocks")
    AGREEMENT_EDIT = "agreement-edit", _("Draft the agreement and calendars")
    MEETINGS_VIEW = "meetings-view", _("Read agendas and minutes")
    MEETINGS_HOLD = "meetings-hold", _("Hold meetings")
    IMPORTS_RUN = "imports-run", _("Load files")
    LEADERSHIP_VIEW = "leadership-view", _("Open the leadership panel")
    SETTINGS_EDIT = "settings-edit", _("Change workspace settings")
    PEOPLE_EDIT = "people-edit", _("Invite people and change roles")
    TOKENS_EDIT = "tokens-edit", _("Make and revoke API tokens")
    OWN_ACCOUNT = "own-account", _("Change one's own account")
