"""Sign-ins in the log, and a name for the browser. No address is ever logged."""

import logging

from django.contrib.auth.signals import (
    user_logged_in,
    user_logged_out,
    user_login_failed,
)
from django.dispatch import receiver
from django.http import HttpRequest

from foundation.accounts.domain.browsers import BROWSER, describe
from foundation.accounts.models import User

logger = logging.getLogger("alignment.sign_in")


@receiver(user_logged_in)
def signed_in(request: HttpRequest, user: User, **_: object) -> None:
    request.session[BROWSER] = describe(request.headers.get("User-Agent", ""))
    logger.info("Person %s signed in.", user.pk)


@receiver(user_logged_out)
def signed_out(user: User | None, **_: object) -> None:
    if user is not None:
        logger.info("Person %s signed out.", user.pk)


@receiver(user_login_failed)
def refused(**_: object) -> None:
    logger.warning("A sign-in was refused.")
