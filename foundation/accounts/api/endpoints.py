"""The two classes that every endpoint of the API is made of; see docs/api.md."""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import UTC
from typing import Any, ClassVar, override

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.accounts.api.once import WRITES, once
from foundation.accounts.guards import GuardedAPIView
from foundation.kernel.api import filters, pagination
from foundation.kernel.api.filters import Filter

SEARCH = Filter(
    "", serializers.CharField(allow_blank=True, max_length=200), "Text to look for."
)


class Endpoint(GuardedAPIView):
    """One address. Subclasses name who may call it, what it takes and what it gives.

    ``permission`` reads, ``write_permission`` (if another) writes. ``out`` writes the
    answers, ``body`` reads what a write sends. ``parameters`` are those of GET and
    ``write_parameters`` those of the other methods; their values are in
    ``self.asked``, and any other parameter is refused.
    """

    out: ClassVar[type[serializers.BaseSerializer[Any]] | None] = None
    body: ClassVar[type[serializers.BaseSerializer[Any]] | None] = None
    parameters: ClassVar[Mapping[str, Filter]] = {}
    write_parameters: ClassVar[Mapping[str, Filter]] = {}
    operation: ClassVar[str] = ""  # its name in the schema, where the usual one lies
    status: ClassVar[Mapping[str, int]] = {"POST": 201, "DELETE": 204}
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    asked: Mapping[str, Any]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        for method in WRITES & set(cls.__dict__):
            setattr(cls, method, once(cls.__dict__[method]))

    @classmethod
    def declared(cls, method: str) -> Mapping[str, Filter]:
        """Return the parameters that a request of this method may carry."""
        return cls.parameters if method in {"GET", "HEAD"} else cls.write_parameters

    @override
    def dispatch(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> HttpResponseBase:
        with timezone.override(UTC):
            return super().dispatch(request, *args, **kwargs)

    @override
    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        self.asked = filters.read(request, self.declared(request.method or "GET"))

    def sent(self) -> Any:  # noqa: ANN401 -- what the body says
        """Return the body, read and checked by ``body``.

        Raises:
            ValidationError: something in it is wrong; each place is named.
        """
        assert self.body is not None  # noqa: S101 -- a mistake in the endpoint
        read = self.body(data=self.request.data, context={"request": self.request})
        read.is_valid(raise_exception=True)
        return read.validated_data

    def answer(self, result: object) -> Response:
        """Write one record with ``out``."""
        assert self.out is not None  # noqa: S101 -- a mistake in the endpoint
        status = self.status.get(self.request.method or "GET", 200)
        context = {"request": self.request}
        return Response(self.out(result, context=context).data, status=status)


class ListEndpoint[M: Model](Endpoint):
    """GET gives pages of ``rows()``, narrowed and ordered as the address asks.

    ``filters`` and ``orderings`` name what may be asked; ``ordering`` is the order
    otherwise. ``search_fields`` are searched for ``?search=``; override `search` for
    an index of your own. Order only by columns that have an index.
    """

    filters: ClassVar[Mapping[str, Filter]] = {}
    orderings: ClassVar[tuple[str, ...]] = ()
    ordering: ClassVar[str] = "-id"
    search_fields: ClassVar[tuple[str, ...]] = ()
    pagination_class = pagination.Cursor

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        extra = dict(pagination.PARAMETERS)
        if cls.orderings:
            extra["ordering"] = pagination.ordering(cls.orderings)
        if cls.search_fields:
            extra["search"] = SEARCH
        cls.parameters = {**cls.filters, **extra}

    @abstractmethod
    def rows(self) -> QuerySet[M]:
        """Return what the caller may see, with what ``out`` shows already joined."""

    def search(self, rows: QuerySet[M], text: str) -> QuerySet[M]:
        """Narrow ``rows`` to those that hold ``text`` in one of ``search_fields``."""
        wanted = Q()
        for name in self.search_fields:
            wanted |= Q(**{f"{name}__icontains": text})
        return rows.filter(wanted)

    def narrowed(self) -> QuerySet[M]:
        """Return the rows that the address asks for, in no order yet."""
        rows = filters.apply(self.rows(), self.asked, self.filters)
        text = self.asked.get("search", "").strip()
        return self.search(rows, text) if text else rows

    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        assert self.out is not None  # noqa: S101 -- a mistake in the endpoint
        pages = self.pagination_class()
        page = pages.paginate_queryset(self.narrowed(), request, view=self)
        out = self.out(page, many=True, context={"request": request})
        return pages.get_paginated_response(out.data)
