"""Sessions in PostgreSQL: one statement loads a session together with its person."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, override

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import Subquery

from foundation.accounts.domain.browsers import BROWSER
from foundation.accounts.models import Session, User, Workspace
from foundation.kernel import clock

_LONGEST = timedelta(seconds=settings.SESSION_COOKIE_AGE)
_USUAL_ZONE = Workspace().time_zone
_IDLE = timedelta(seconds=settings.SESSION_IDLE_SECONDS)


class SessionStore(DatabaseStore):
    """Ends a session after hours without use, and after a week in any case."""

    row: Session | None = None

    @classmethod
    @override
    def get_model_class(cls) -> type[Session]:
        return Session

    @property
    def owner(self) -> User | None:
        """The person the loaded session belongs to, with the workspace's time zone."""
        self.get(SESSION_KEY)  # loads the row
        if self.row is None or self.row.user is None:
            return None
        same = str(self.row.user_id) == self.get(SESSION_KEY)
        return self.row.user if same else None

    def _get_session_from_db(self) -> Session | None:
        now = clock.now()
        zone = Subquery(Workspace.objects.values("time_zone")[:1])
        alive = Session.objects.filter(expire_date__gt=now, seen_at__gt=now - _IDLE)
        rows = alive.select_related("user").annotate(workspace_zone=zone)
        self.row = rows.filter(session_key=self.session_key).first()
        if self.row is None:
            self._session_key = None
        elif self.row.user is not None:
            self.row.user.workspace_zone = self.row.workspace_zone or _USUAL_ZONE
        return self.row

    @override
    def create_model_instance(self, data: Mapping[str, Any]) -> Session:
        now, user = clock.now(), data.get(SESSION_KEY)
        key = self._get_or_create_session_key()  # type: ignore[attr-defined]
        row = self.row
        goes_on = row is not None and (row.session_key, str(row.user_id)) == (key, user)
        began = row.started_at if row is not None and goes_on else now
        return Session(
            session_key=key,
            session_data=self.encode(dict(data)),
            expire_date=began + _LONGEST,
            user_id=int(user) if user else None,
            mark=hashlib.sha256(key.encode()).hexdigest()[:32],
            browser=data.get(BROWSER, ""),
            started_at=began,
            seen_at=now,
        )
