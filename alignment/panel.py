"""The leadership panel. To everybody outside it does not exist."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, override

from django.apps import apps
from django.contrib.admin import AdminSite, ModelAdmin
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_safe

from foundation.accounts.enums import Permission
from foundation.accounts.panel import ReadOnlyPage
from foundation.accounts.rules import has_permission


class Panel(AdminSite):
    """Django's admin with our pages only: a list of them, and no sign-in of its own."""

    site_title = site_header = index_title = _("Leadership")
    site_url = "/"
    index_template = "admin/index.html"

    @override
    def register(
        self,
        model_or_iterable: Any,
        admin_class: "type[ModelAdmin[Any]] | None" = None,
        **options: Any,
    ) -> None:
        """Take our own pages; those that packages bring along stay out."""
        if admin_class is not None and issubclass(admin_class, ReadOnlyPage):
            super().register(model_or_iterable, admin_class, **options)

    @override
    def has_permission(self, request: HttpRequest) -> bool:
        return has_permission(request.user, Permission.LEADERSHIP_VIEW)

    @override
    def admin_view(  # type: ignore[override]
        self,
        view: Callable[..., HttpResponse],
        cacheable: bool = False,
    ) -> Callable[..., HttpResponse]:
        def inner(
            request: HttpRequest, *args: object, **kwargs: object
        ) -> HttpResponse:
            if not self.has_permission(request):
                raise Http404
            return view(request, *args, **kwargs)

        return update_wrapper(csrf_protect(never_cache(inner)), view)

    @override
    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        """Return the pages the person may open, by app: people, then the others."""
        groups: dict[str, dict[str, Any]] = {}
        for config in reversed(list(apps.get_app_configs())):
            for model, page in self._registry.items():
                if _of(model).app_config is config and page.has_module_permission(
                    request
                ):
                    group = {"app_label": config.label, "name": config.verbose_name}
                    group = groups.setdefault(config.label, {**group, "models": []})
                    group["models"].append(self._entry(model, page))
        return sorted(groups.values(), key=lambda g: g["app_label"] != "accounts")

    def _entry(self, model: type[Model], page: "ModelAdmin[Any]") -> dict[str, Any]:
        assert isinstance(page, ReadOnlyPage)  # noqa: S101 -- see register
        name = f"admin:{_of(model).app_label}_{_of(model).model_name}_changelist"
        return {"name": page.heading, "about": page.about, "admin_url": reverse(name)}

    @override
    def get_urls(self) -> list[URLResolver | URLPattern]:
        index = self.admin_view(require_safe(self.index))
        index.required_permission = Permission.LEADERSHIP_VIEW  # type: ignore[attr-defined]
        pages = [
            path(f"{_of(model).app_label}/{_of(model).model_name}/", include(page.urls))
            for model, page in self._registry.items()
        ]
        return [path("", index, name="index"), *pages]


def _of(model: type[Model]) -> Any:  # noqa: ANN401 -- Django's Options
    return model._meta
