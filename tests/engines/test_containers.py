"""The description for production: nothing is missing, nothing is guessed."""

import ast
import re
from pathlib import Path

import pytest
import yaml

from alignment.engines.workspace import PROJECT

COMPOSE = yaml.safe_load((PROJECT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
OURS = {
    name: each for name, each in SERVICES.items() if each.get("image") == "alignment"
}
DOCKERFILE = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
READERS = {"required", "os.environ.get", "os.getenv"}


def named(node):
    """The text written there, or nothing."""
    text = getattr(node, "value", None)
    return text if isinstance(text, str) else ""


def variables(source):
    """Names of the environment variables a module reads, and those it insists on."""
    found, insisted = set(), set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args and named(node.args[0]):
            if ast.unparse(node.func) in READERS:
                found.add(named(node.args[0]))
            if ast.unparse(node.func) == "required":
                insisted.add(named(node.args[0]))
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            insisted.add(named(node.slice))
    return found | insisted, insisted


SETTINGS = (PROJECT / "alignment/settings.py").read_text(encoding="utf-8")
READ, INSISTED = variables(SETTINGS)


def test_the_reader_of_settings_reads_every_form():
    source = (
        "required('A'); os.environ.get('B', 'x') or c; os.environ['C']\n"
        "os.getenv('D'); print('E'); os.environ.get(f)"
    )
    assert variables(source) == ({"A", "B", "C", "D"}, {"A", "C"})
    assert {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ALIGNMENT_URL"} == INSISTED


def test_settings_read_the_environment_in_no_other_way():
    """Otherwise the test below would not see a variable."""
    uses = re.findall(r"os\.environ\S*?[(\[]|os\.getenv\(|environ\b", SETTINGS)
    assert set(uses) <= {"os.environ.get(", "os.environ[", "os.getenv("}


@pytest.mark.parametrize("name", OURS)
def test_every_variable_the_settings_read_is_set(name):
    given = OURS[name]["environment"]
    assert READ - given.keys() == set()
    assert [each for each in INSISTED if not given[each]] == []


@pytest.mark.parametrize("name", OURS)
def test_the_product_gets_no_variable_it_does_not_read(name):
    assert OURS[name]["environment"].keys() - READ == set()


def test_all_services_are_there():
    assert set(SERVICES) == {
        *("web", "worker", "worker-long", "beat", "migrate", "db", "redis")
    }
    assert set(OURS) == {"web", "worker", "worker-long", "beat", "migrate"}


def asked(value):
    """Names of variables without which compose refuses to start, with a sentence."""
    return set(re.findall(r"\$\{(\w+):\?[^}]+\}", str(value)))


def test_nothing_starts_without_its_secrets():
    needed = {"DATABASE_PASSWORD", "REDIS_PASSWORD", "SECRET_KEY", "ALIGNMENT_URL"}
    for service in OURS.values():
        assert asked(service["environment"]) == needed
    assert asked(SERVICES["db"]) == {"POSTGRES_PASSWORD", "DATABASE_PASSWORD"}
    assert asked(SERVICES["redis"]) == {"REDIS_PASSWORD"}


def test_no_secret_has_a_value_of_its_own():
    """Every word named like a secret is asked of the environment."""
    text = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")
    named = re.findall(
        r"^\s*(\w*(?:PASSWORD|SECRET|AUTH|KEY)\w*): (.+)$", text, re.MULTILINE
    )
    assert len(named) == 4
    assert [name for name, value in named if not value.startswith('"${')] == []


@pytest.mark.parametrize("name", sorted(SERVICES.keys() - {"migrate"}))
def test_every_service_says_whether_it_is_well(name):
    health = SERVICES[name]["healthcheck"]
    assert health["test"][0] in {"CMD", "CMD-SHELL"}
    assert {"interval", "timeout", "retries"} <= health.keys()


def test_a_fast_worker_is_well_only_if_work_gets_done():
    """R11: a process that exists proves nothing."""
    question = ["CMD", "python", "manage.py", "workers_alive"]
    for name in ("worker", "beat"):
        assert SERVICES[name]["healthcheck"]["test"] == question
    commands = PROJECT / "foundation/jobs/management/commands"
    assert (commands / "workers_alive.py").exists()


def test_everything_that_keeps_something_has_a_volume():
    places = {"db": "/var/lib/postgresql", "redis": "/data", "web": "/data"}
    for name, place in places.items():
        mounts = dict(mount.split(":")[::-1] for mount in SERVICES[name]["volumes"])
        assert mounts[place] in COMPOSE["volumes"]


def test_services_wait_for_what_they_stand_on():
    for name in OURS.keys() - {"migrate"}:
        assert OURS[name]["depends_on"] == {
            "db": {"condition": "service_healthy"},
            "redis": {"condition": "service_healthy"},
            "migrate": {"condition": "service_completed_successfully"},
        }


def queues(service):
    return re.findall(r"--queues (\w+)", service.get("command", ""))


def test_every_queue_has_a_worker():
    found = sorted(queue for each in OURS.values() for queue in queues(each))
    assert found == ["fast", "long"]


def test_commands_are_the_ones_the_machine_runs(tmp_path):
    """One machine and containers must not drift apart."""
    from alignment.engines import services  # noqa: PLC0415 - what is compared
    from alignment.engines.workspace import Workspace  # noqa: PLC0415

    workspace = Workspace(tmp_path)
    for name, queue, processes in (("worker", "fast", 2), ("worker-long", "long", 1)):
        local = services.worker(workspace, {}, queue, processes).command[2:]
        assert OURS[name]["command"].split() == local
    web = " ".join(services.web(workspace, {}, 8000).command[3:])
    image = " ".join(re.findall(r'"([^"]+)"', DOCKERFILE.partition("CMD [")[2])[3:])
    image = image.replace("0.0.0.0", "127.0.0.1")  # noqa: S104 - in a container
    assert sorted(image.split(" --")) == sorted(
        re.sub(r"--workers \d", "--workers 2", web).split(" --")
    )


def test_the_image_runs_as_nobody_special():
    last = DOCKERFILE.rpartition("FROM ")[2]
    assert re.findall(r"^USER (\S+)", last, re.MULTILINE) == ["alignment"]
    assert "--uid 10001" in last


def test_the_image_holds_no_secret():
    kept = re.findall(r"^(?:ENV|ARG) .*", DOCKERFILE, re.MULTILINE)
    assert [
        line for line in kept if re.search("SECRET|PASSWORD|TOKEN|_URL", line)
    ] == []


def test_the_image_holds_all_of_the_product_and_nothing_else():
    lines = (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    allowed = {line[1:] for line in lines if line.startswith("!")}
    assert lines[0] == "*"
    packages = {path.parent.name for path in PROJECT.glob("*/__init__.py")}
    assert packages - {"tests", "tools"} <= allowed
    assert {"manage.py", "requirements/base.txt", "static", "templates"} <= allowed
    for name in ("tests", "docs", ".git", ".data", "requirements/dev.txt"):
        assert name not in allowed


def test_copied_files_exist():
    sources = re.findall(r"^COPY (?!--from)(\S+)", DOCKERFILE, re.MULTILINE)
    assert [each for each in sources if not Path(PROJECT / each).exists()] == []
