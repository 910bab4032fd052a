"""Files that come through a page: received, read as somebody says, begun, discarded."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.accounts.queries import workspace
from foundation.kernel.errors import DomainError
from integrations.actions import checks, work
from integrations.actions.loads import Wanted
from integrations.domain.guessing import slashes_in
from integrations.domain.kinds import kind_of
from integrations.domain.mapping import fingerprint, suggest
from integrations.domain.suggestion import Called
from integrations.domain.tables import open_table
from integrations.domain.tables.sameness import digest_of
from integrations.enums import LoadState
from integrations.models import Load, RememberedMapping
from integrations.queries import heads

_READ_AS = (
    *("maps", "defaults", "leave_out"),
    *("time_zone", "country", "slashes", "decimal_mark"),
)


class Begun(DomainError):
    """The load is not waiting for its columns any more."""

    code = "load_begun"


def receive(
    kind: str,
    upload: TemporaryUploadedFile,
    *,
    by: User,
    at: datetime,
    called: Called | None = None,
) -> Load:
    """Take in an uploaded file of a kind, under a name of our own; nothing is loaded.

    It is read as the last file with the same columns was; one with new columns as their
    names suggest, in the workspace's time zone and country.

    Args:
        kind: of what the file tells.
        upload: the file, closed by the caller.
        by: who sent it.
        at: now.
        called: what pages call the columns; files may say the same.

    Raises:
        BadMapping: there is no such kind.
        NotATable: the file is no table; nothing of it is kept.
    """
    kind_of(kind)
    path = Path(upload.temporary_file_path())
    table = open_table(path)
    head = heads.head_from(table)
    load = Load(
        kind=kind,
        file_name=upload.name or "",
        sha256=digest_of(path),
        size=path.stat().st_size,
        header=list(table.header),
        separator=table.separator,
        by=by,
        created_at=at,
        **_way_of_reading(kind, table.header, head, called),
    )
    _store(load, upload, head)
    return load


def _store(load: Load, upload: TemporaryUploadedFile, head: heads.Head) -> None:
    load.stored_as = default_storage.save(f"loads/{uuid4().hex}", upload)
    try:
        content = ContentFile(heads.written(head))
        default_storage.save(heads.name_of(load.stored_as), content)
        load.save(force_insert=True)
    except BaseException:
        _forget_files(load)
        raise


def _way_of_reading(
    kind: str, header: Sequence[str], head: heads.Head, called: Called | None
) -> dict[str, object]:
    known = RememberedMapping.objects.filter(
        kind=kind, fingerprint=fingerprint(header)
    ).first()
    if known:
        return {name: getattr(known, name) for name in _READ_AS}
    found, here = suggest(kind, header, called), workspace.current()
    return {
        "maps": [f"{target}={column}" for target, column in found.items()],
        "leave_out": [column for column in header if column not in found.values()],
        "time_zone": here.time_zone,
        "country": here.country,
        "slashes": slashes_in(cell for _, cells, _ in head.rows for cell in cells),
    }


def settle(load: Load, wanted: Wanted) -> None:
    """Keep how an uploaded file is to be read; whether that fits is not looked at.

    What a check found is forgotten where the file is to be read in another way.

    Raises:
        Begun: it is being checked, or loaded already, or is gone.
    """
    names = (*_READ_AS, "live")
    changes = {name: _plain(getattr(wanted, name)) for name in names}
    with transaction.atomic():
        row = Load.objects.select_for_update().filter(pk=load.pk).first()
        _require_waiting(row)
        if any(getattr(row, name) != value for name, value in changes.items()):
            state = LoadState.UPLOADED
            Load.objects.filter(pk=load.pk).update(**changes, state=state)
            checks.forget(load)
    load.refresh_from_db()


def _require_waiting(load: Load | None) -> None:
    if load is not None and load.state == LoadState.CHECKING:
        raise Begun(_("This file is being checked. Wait for its end, or cancel that."))
    if load is None or load.state not in checks.WAITING:
        raise Begun(_("This file is being loaded already, or was discarded."))


def _plain(value: object) -> object:
    return value if isinstance(value, str | bool) else list(value)  # type: ignore[call-overload]


def start(load: Load, wanted: Wanted, *, by: User, at: datetime) -> None:
    """Have an uploaded file loaded by a worker, read as somebody says.

    How its columns were read is remembered for the next file with the same ones.

    Raises:
        BadMapping: columns and targets do not fit together; nothing begins.
        NotATable: the file is gone.
        Begun: it is being loaded already, or was discarded.
    """
    settle(load, wanted)
    work.begin(load, by=by, at=at)
    default_storage.delete(heads.name_of(load.stored_as))


def discard(load: Load) -> None:
    """Forget an uploaded file that was not loaded, and the file with it.

    Raises:
        Begun: it is being checked, or loaded already, or is gone.
    """
    waiting = Load.objects.filter(pk=load.pk, state__in=checks.WAITING)
    if not waiting.delete()[0]:
        _require_waiting(Load.objects.filter(pk=load.pk).first())
    _forget_files(load)


def _forget_files(load: Load) -> None:
    for name in (load.stored_as, heads.name_of(load.stored_as)):
        with suppress(OSError):
            default_storage.delete(name)
