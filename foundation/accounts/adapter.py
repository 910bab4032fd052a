from typing import Any, override

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """People come by invitation only."""

    @override
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    @override
    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """Do nothing: the e-mail address is the name."""
