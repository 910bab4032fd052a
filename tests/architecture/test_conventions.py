"""House rules that a reader would otherwise have to remember."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.db.models import CheckConstraint, Q

from foundation.jobs.domain.registry import HANDLERS

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(
    Path(config.path)
    for config in apps.get_app_configs()
    if Path(config.path).is_relative_to(ROOT) and ".venv" not in config.path
)
APPS = {
    config.label for config in apps.get_app_configs() if Path(config.path) in FOLDERS
}
OWN_APPS = [folder for folder in FOLDERS if folder != ROOT / "alignment"]
LAYERS_THAT_EXPLAIN_THEMSELVES = ["actions", "queries", "domain", "rules"]
TEMPLATES = sorted(ROOT.glob("templates/**/*.html"))


def python_files(*layers):
    for app in FOLDERS:
        for layer in layers:
            yield from app.glob(f"{layer}.py")
            yield from app.glob(f"{layer}/**/*.py")


def own_models():
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in APPS
    ]


def test_the_apps_are_found():
    assert {"accounts", "ledger", "jobs", "leads", "sla", "kpis"} <= APPS


def test_public_functions_of_the_inner_layers_are_explained():
    unexplained = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in python_files(*LAYERS_THAT_EXPLAIN_THEMSELVES)
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert unexplained == []


def enqueued_kinds():
    """The kinds of jobs that code asks for by a literal or by a constant beside it."""
    for path in [*ROOT.glob("alignment/*.py"), *python_files("**")]:
        tree = ast.parse(path.read_text())
        constants = {
            target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args:
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                first = node.args[0]
                if name == "enqueue" and isinstance(first, ast.Constant):
                    yield path, first.value
                elif name == "enqueue" and isinstance(first, ast.Name):
                    yield path, constants.get(first.id)


def test_every_enqueued_kind_has_a_handler():
    found = [(path, kind) for path, kind in enqueued_kinds() if kind is not None]

    assert [(path.name, kind) for path, kind in found if kind not in HANDLERS] == []


ALWAYS_WRITES = {
    *("bulk_create", "bulk_update", "get_or_create", "update_or_create"),
    *("abulk_create", "asave", "acreate", "aupdate", "adelete"),
}
ROWS = re.compile(r"\.objects\b|\.(filter|exclude|all|order_by|select_for_update)\(")
NOT_MODELS = {"form", "request", "response", "cache", "messages"}


def writes_rows(node, imported):
    """Whether a call writes rows, as far as can be told from its text."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    text = ast.unparse(node.func.value)
    if node.func.attr in ALWAYS_WRITES:
        return True
    if node.func.attr in {"create", "update", "delete"} and ROWS.search(text):
        return True
    root = text.partition(".")[0].partition("(")[0]
    rows = root not in imported and root not in NOT_MODELS
    return node.func.attr in {"save", "delete"} and rows


def imported_names(tree):
    return {
        alias.asname or alias.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }


def test_rows_are_written_only_in_actions():
    writes = []
    edges = ("views", "api", "admin", "tasks", "receivers", "management", "middleware")
    for path in python_files(*edges, "queries", "rules", "domain", "forms", "panel"):
        tree = ast.parse(path.read_text())
        imported = imported_names(tree)
        writes += [
            f"{path.relative_to(ROOT)}: {ast.unparse(node)}"
            for node in ast.walk(tree)
            if writes_rows(node, imported)
        ]
    assert writes == []


FORBIDDEN_MARKUP = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")|<style|\sstyle=|\son[a-z]+="
)
PARTIAL_NAME = re.compile(r"{%\s*partialdef\s+(\S+)")


def name_of(template):
    return str(template.relative_to(ROOT / "templates"))


@pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
def test_templates_hold_no_inline_script_or_style(template):
    assert FORBIDDEN_MARKUP.findall(template.read_text()) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
def test_partials_are_named_like_the_ids_they_render(template):
    text = template.read_text()
    names = PARTIAL_NAME.findall(text)

    assert [n for n in names if not re.fullmatch(r"[a-z]+(-[a-z]+)*", n)] == []
    assert [n for n in names if f'id="{n}' not in text] == []


def test_lower_apps_cannot_reach_up_through_reverse_relations():
    """Import contracts do not see ``lead.clock``; a hidden reverse name does."""
    reachable = [
        f"{model._meta.label}.{field.name}"
        for model in own_models()
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]
        if field.remote_field
        and field.remote_field.model._meta.app_label in APPS
        and field.remote_field.model._meta.app_label != model._meta.app_label
        and not field.remote_field.hidden
    ]
    assert reachable == []


def own_fields():
    """The fields that our own classes declare, not those they inherit from Django."""
    for model in own_models():
        inherited = {
            field.name
            for parent in model.__mro__[1:]
            if parent.__module__.startswith("django.") and hasattr(parent, "_meta")
            for field in parent._meta.local_fields
        }
        for field in model._meta.local_fields:
            if field.name not in inherited:
                yield model, field


def test_moments_are_called_at():
    misnamed = [
        f"{model._meta.label}.{field.name}"
        for model, field in own_fields()
        if isinstance(field, models.DateTimeField) and not field.name.endswith("_at")
    ]
    assert misnamed == []


def checked_names(condition):
    """The names of the fields that a constraint's condition looks at."""
    for child in condition.children if isinstance(condition, Q) else []:
        if isinstance(child, tuple):
            yield child[0].partition("__")[0]
        else:
            yield from checked_names(child)


def test_enumerations_are_constrained_in_the_database():
    free = [
        f"{model._meta.label}.{field.name}"
        for model, field in own_fields()
        if field.choices
        and field.name
        not in {
            name
            for constraint in model._meta.constraints
            if isinstance(constraint, CheckConstraint)
            for name in checked_names(constraint.condition)
        }
    ]
    assert free == []


@pytest.mark.django_db
def test_the_migrations_are_those_of_the_models():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_migrations_are_named():
    unnamed = [
        str(path.relative_to(ROOT))
        for app in OWN_APPS
        for path in app.glob("migrations/*.py")
        if "_auto_" in path.name
    ]
    assert unnamed == []


READS_CLOCK = re.compile(r"\bclock\.now\(\)|datetime\.now\(|date\.today\(")


@pytest.mark.parametrize("folder", OWN_APPS, ids=lambda p: p.name)
def test_time_is_read_at_the_edges_only(folder):
    """Actions, queries, rules and domains take the moment as an argument."""
    inner = ("actions", "queries", "rules", "domain", "models")
    readers = [
        str(path.relative_to(ROOT))
        for layer in inner
        for path in [*folder.glob(f"{layer}.py"), *folder.glob(f"{layer}/**/*.py")]
        if re.search(
            r"\bclock\.now\(\)|datetime\.now\(|date\.today\(", path.read_text()
        )
    ]
    assert readers == []
