"""Many items in one request, each answered for by itself."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
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
from leads.api.leads import cause_of, new_lead
from leads.api.serializers import Items, ItemsOut, LeadBody, TouchpointBody
from leads.api.touchpoints import touch_of
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


class Batch(Endpoint):
    """Checks each item by ``item`` and answers for each, in the same order."""

    body = Items
    out = ItemsOut
    item: type[serializers.BaseSerializer[Any]]
    status = {"POST": 200}
    write_parameters = ATOMIC

    @extend_schema(request=Items, responses=ItemsOut)
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
            for (index, _), (status, pk, code, detail) in zip(
                good, written, strict=True
            ):
                fault = [_fault(index, "", code, detail)] if code else []
                results[index] = _result(index, status, pk, fault)
            _require_all_good(results, atomic=atomic)

    def write(self, items: list[dict[str, Any]]) -> list[tuple[int, int, str, str]]:
        """Write the items; status, id, and code and sentence of a refusal for each."""
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


class LeadBatch(Batch):
    """Create up to 1 000 leads; one that is known already is answered with 200."""

    permission = Permission.LEADS_EDIT
    item = LeadBody

    def write(self, items: list[dict[str, Any]]) -> list[tuple[int, int, str, str]]:
        at, told = clock.now(), [new_lead(item, self.user) for item in items]
        known = _Known(told)
        fresh: list[NewLead] = []
        answers: list[tuple[int, int, str, str] | None] = []
        for one in told:
            answers.append(known.answer(one, at))
            if answers[-1] is None:
                created = one.created_at or at
                fresh.append(NewLead(one.values, created, one.stage, one.stage_at))
        made = iter(
            leads.create_many(fresh, by=self.user, at=at, cause=cause_of(self.user))
            if fresh
            else []
        )
        return [a or (201, next(made).pk, "", "") for a in answers]


class _Known:
    """Which leads of a batch are there already, or came earlier in the batch."""

    def __init__(self, told: Sequence[Any]) -> None:
        emails = {leads.folded(t.values.get("email", "")) for t in told} - {""}
        ids = {_external(t.values) for t in told if t.values.get("external_id")}
        self.by_email: dict[str, int] = {}
        self.by_id: dict[tuple[str, str], int] = {}
        for row in leads.find(emails, ids):
            self.by_email[row.email_folded] = row.pk
            self.by_id[row.external_system, row.external_id] = row.pk

    def answer(self, told: Any, at: Any) -> tuple[int, int, str, str] | None:  # noqa: ANN401
        email = leads.folded(told.values.get("email", ""))
        external = _external(told.values)
        if not (email or external[1] or told.values.get("phone")):
            return 422, 0, "nobody_identified", str(_NOBODY)
        if code := _out_of_time(told, at):
            return 422, 0, code, str(stages.REFUSALS[code])
        known = self.by_id.get(external) if external[1] else None
        same = self.by_email.get(email) if email else None
        if known is not None and same is not None and known != same:
            return 422, 0, "identity_conflict", str(_CONFLICT)
        found = same if known is None else known
        if found is not None:
            return (200, found, "", "") if found else (422, 0, "twice", str(_TWICE))
        if email:
            self.by_email[email] = 0
        if external[1]:
            self.by_id[external] = 0
        return None


_NOBODY = _("Give an e-mail address, a phone number or an external id.")
_CONFLICT = _("External id and e-mail address name two different leads.")
_TWICE = _("This lead stands in the batch twice.")


def _external(values: dict[str, Any]) -> tuple[str, str]:
    return values.get("external_system", ""), values.get("external_id", "")


def _out_of_time(told: Any, at: Any) -> str:  # noqa: ANN401
    created = told.created_at or at
    reached = told.stage_at or created
    if max(created, reached) > at:
        return "in_future"
    late = told.stage != Stage.LEAD and reached < created
    return "before_lead_created" if late else ""


class TouchpointBatch(Batch):
    """Log up to 1 000 touches; one that is known already is answered with 200."""

    permission = Permission.TOUCHES_EDIT
    item = TouchpointBody

    def write(self, items: list[dict[str, Any]]) -> list[tuple[int, int, str, str]]:
        at, ids = clock.now(), references.resolve(items)
        touches = [
            touch_of(item, lead, by=self.user, at=at)
            for item, lead in zip(items, ids, strict=True)
        ]
        status = {"logged": 201, "unchanged": 200}
        return [
            (
                status.get(done.code, 422),
                done.touchpoint_id,
                done.code if done.refused else "",
                str(touchpoints.REFUSALS.get(done.code, "")),
            )
            for done in touchpoints.log_many(touches, by=self.user, at=at)
        ]
