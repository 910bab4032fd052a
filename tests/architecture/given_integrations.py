"""What addresses of files that are loaded need: each returns the parts of a path.

The loads are the caller's own, so that what is refused is refused to the role.
"""

from foundation.accounts.enums import Role
from integrations.actions import checking
from tests.factories.accounts import make_user
from tests.factories.integrations import AT, make_begun, make_load, make_upload


def _somebody(caller):
    return caller or make_user(Role.MARKETER)


def a_kind(caller):
    return {"kind": "stage-changes"}


def an_upload(caller):
    return {"pk": make_upload(_somebody(caller)).pk}


def a_checked_upload(caller):
    by = _somebody(caller)
    load = make_upload(by)
    checking.begin(load, by=by, at=AT)
    return {"pk": load.pk}


def a_begun_load(caller):
    return {"pk": make_begun(_somebody(caller)).pk}


def a_load(caller):
    return {"pk": make_load(_somebody(caller), "email\nana@example.com\nbad\n").pk}
