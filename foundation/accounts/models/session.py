from typing import override

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class Session(AbstractBaseSession):
    """One signed-in browser, or one that is about to sign in.

    It names its person, so that all sessions of somebody can be shown and ended. It
    ends a week after it began (``expire_date``), or when nobody used it for hours.
    ``mark`` names it where its key, which is a secret, must not be.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="sessions",
    )
    mark = models.CharField(max_length=32, unique=True)
    browser = models.CharField(max_length=40, blank=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta(AbstractBaseSession.Meta):
        pass

    def __str__(self) -> str:
        return f"of {self.user_id} since {self.started_at}"

    @classmethod
    @override
    def get_session_store_class(cls) -> type:
        # The store needs this model; only Django's own tools ask for it this way.
        raise NotImplementedError
