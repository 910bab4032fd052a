"""Many items in one request, each answered for by itself."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.accounts.api.endpoints import Endpoint
from foundation.accounts.enums import Permission
from foundation.kernel import clock
from foundation.kernel.api.filters import Filter
from foundation.kernel.errors import DomainError
from foundation.ledger import actions as ledger
from leads.actions import leads, stages, touchpoints
from leads.actions.leads import NewLead
from leads.actions.referred import Referred
from leads.api.leads import cause_of, new_lead, require_may_refer
from leads.api.serializers import (
    Items,
    ItemsOut,
    LeadBody,
    LeadItems,
    TouchpointBody,
    TouchpointItems,
)
from leads.api.touchpoints import require_may_log, touch_of
from leads.enums import Stage
from leads.queries import references

ATOMIC = {
    "atomic": Filter(
        "", serializers.BooleanField(), "true: one bad item refuses them all."
    )
}


class BadItems(DomainError):
    """An item is wrong and the batch was to be all or nothing."""

    code = "bad_items"
    status = 422


class Done(NamedTuple):
    """What became of an item: status and id, or why it was refused, and where."""

    status: int
    pk: int = 0
    code: str = ""
    detail: str = ""
    place: str = ""


def _kept_out(check: Callable[[], object]) -> Done | None:
    """Return why an item is refused by itself, the others not."""
    try:
        check()
    except DomainError as refusal:
        place = f"/{refusal.field}" if refusal.field else ""
        return Done(422, 0, refusal.code, str(refusal), place)
    return None


class Batch(Endpoint):
    """Checks each item by ``item`` and answers for each, in the same order."""

    body = Items
    out = ItemsOut
    item: type[serializers.BaseSerializer[Any]]
    status = {"POST": 200}
    write_parameters = ATOMIC

    def post(self, request: Request) -> Response:
        items = self.sent()["items"]
        results: list[dict[str, Any]] = [{} for _ in items]
        good: list[tuple[int, dict[str, Any]]] = []
        for index, item in enumerate(items):
            read = self.item(data=item)
            if read.is_valid():
                good.append((index, dict(read.validated_data)))
            else:
                results[index] = _refused(index, _faults(index, read.errors))
        atomic = bool(self.asked.get("atomic"))
        if not (atomic and len(good) < len(items)):
            self._write(good, results, atomic=atomic)
        if atomic and any(result["errors"] for result in results if result):
            return Response(
                {"results": [_or_left(i, r) for i, r in enumerate(results)]}, status=422
            )
        return self.answer({"results": results})

    def _write(
        self,
        good: Sequence[tuple[int, dict[str, Any]]],
        results: list[dict[str, Any]],
        *,
        atomic: bool,
    ) -> None:
        with (
            suppress(BadItems),
            ledger.entry(by=self.user, at=clock.now(), cause="batch"),
        ):
            written = self.write([item for _, item in good])
            for (index, _), done in zip(good, written, strict=True):
                told = (done.place, done.code, done.detail)
                fault = [_fault(index, *told)] if done.code else []
                results[index] = _result(index, done.status, done.pk, fault)
            _require_all_good(results, atomic=atomic)

    def write(self, items: list[dict[str, Any]]) -> list["Done"]:
        """Write the items that can be written; say of each what became of it."""
        raise NotImplementedError


def _require_all_good(results: Sequence[dict[str, Any]], *, atomic: bool) -> None:
    if atomic and any(result["errors"] for result in results):
        raise BadItems


def _result(
    index: int, status: int, pk: int | None, errors: list[dict[str, str]]
) -> dict[str, Any]:
    return {"index": index, "status": status, "id": pk or None, "errors": errors}


def _refused(index: int, errors: list[dict[str, str]]) -> dict[str, Any]:
    return _result(index, 422, None, errors)


def _or_left(index: int, result: dict[str, Any]) -> dict[str, Any]:
    """Of an all-or-nothing batch, say of the good items that they were left."""
    if result and result["errors"]:
        return result
    left = _("Nothing was written because another item is wrong.")
    return _refused(index, [_fault(index, "", "left", str(left))])


def _fault(index: int, place: str, code: str, detail: str) -> dict[str, str]:
    pointer = f"/items/{index}{place}"
    return {"pointer": pointer, "code": code, "detail": detail}


def _faults(index: int, errors: Any, place: str = "") -> list[dict[str, str]]:  # noqa: ANN401
    if isinstance(errors, ErrorDetail):
        return [_fault(index, place, str(errors.code), str(errors))]
    pairs = (
        [(f"{place}/{name}", value) for name, value in errors.items()]
        if isinstance(errors, dict)
        else [(place, value) for value in errors]
    )
    return [f for deeper, value in pairs for f in _faults(index, value, deeper)]


def _described(items: type[Items]) -> Callable[[type[Batch]], type[Batch]]:
    """Say in the schema what the items are; they are read one by one."""
    answers = {200: ItemsOut, 422: ItemsOut}
    return extend_schema_view(post=extend_schema(request=items, responses=answers))


@_described(LeadItems)
class LeadBatch(Batch):
    """Create up to 1 000 leads; one that is known already is answered with 200."""

    permission = Permission.LEADS_EDIT
    item = LeadBody

    def write(self, items: list[dict[str, Any]]) -> list[Done]:
        at, referred = clock.now(), Referred(items)
        told = [new_lead(item, at) for item in items]
        known = _Known(told)
        fresh: list[NewLead] = []
        answers: list[Done | None] = []
        for item, one in zip(items, told, strict=True):
            check = partial(require_may_refer, item, referred, by=self.user)
            answers.append(_kept_out(check) or known.answer(one, at))
            if answers[-1] is None:
                fresh.append(one)
        made = iter(
            leads.create_many(fresh, by=self.user, at=at, cause=cause_of(self.user))
            if fresh
            else []
        )
        return [answer or Done(201, next(made).pk) for answer in answers]


class _Known:
    """Which leads of a batch are there already, or came earlier in the batch."""

    def __init__(self, told: Sequence[NewLead]) -> None:
        emails = {leads.folded(t.values.get("email", "")) for t in told} - {""}
        ids = {_external(t) for t in told if t.values.get("external_id")}
        self.by_email: dict[str, int] = {}
        self.by_id: dict[tuple[str, str], int] = {}
        for row in leads.find(emails, ids):
            self.by_email[row.email_folded] = row.pk
            self.by_id[row.external_system, row.external_id] = row.pk

    def answer(self, told: NewLead, at: datetime) -> Done | None:
        """Return what a lead comes to that is not new; None of a new one."""
        email = leads.folded(told.values.get("email", ""))
        external = _external(told)
        if not (email or external[1] or told.values.get("phone")):
            return Done(422, 0, "nobody_identified", str(_NOBODY), "/email")
        if code := _out_of_time(told, at):
            return Done(422, 0, code, str(stages.REFUSALS[code]))
        known = self.by_id.get(external) if external[1] else None
        same = self.by_email.get(email) if email else None
        if known is not None and same is not None and known != same:
            return Done(422, 0, "identity_conflict", str(_CONFLICT), "/email")
        found = same if known is None else known
        if found is not None:
            return Done(200, found) if found else Done(422, 0, "twice", str(_TWICE))
        if email:
            self.by_email[email] = 0
        if external[1]:
            self.by_id[external] = 0
        return None


_NOBODY = _("Give an e-mail address, a phone number or an external id.")
_CONFLICT = _("External id and e-mail address name two different leads.")
_TWICE = _("This lead stands in the batch twice.")


def _external(told: NewLead) -> tuple[str, str]:
    values = told.values
    return values.get("external_system", ""), values.get("external_id", "")


def _out_of_time(told: NewLead, at: datetime) -> str:
    reached = told.stage_at or told.created_at
    if max(told.created_at, reached) > at:
        return "in_future"
    late = told.stage != Stage.LEAD and reached < told.created_at
    return "before_lead_created" if late else ""


@_described(TouchpointItems)
class TouchpointBatch(Batch):
    """Log up to 1 000 touches; one that is known already is answered with 200."""

    permission = Permission.TOUCHES_EDIT
    item = TouchpointBody

    def write(self, items: list[dict[str, Any]]) -> list[Done]:
        at, referred = clock.now(), Referred(items)
        refused = [
            _kept_out(partial(require_may_log, item, referred, by=self.user))
            for item in items
        ]
        touches = [
            touch_of(item, lead, by=self.user, at=at)
            for item, lead, why in zip(
                items, references.resolve(items), refused, strict=True
            )
            if why is None
        ]
        done = iter(touchpoints.log_many(touches, by=self.user, at=at))
        return [why or _logged(next(done)) for why in refused]


def _logged(logged: touchpoints.Logged) -> Done:
    if logged.refused:
        place = "/lead" if logged.code == "unknown_lead" else ""
        detail = str(touchpoints.REFUSALS[logged.code])
        return Done(422, 0, logged.code, detail, place)
    return Done(201 if logged.code == "logged" else 200, logged.touchpoint_id)
