"""The house rules that no linter knows. Each failure names the file, the line and the room it belongs in."""

import ast
from collections.abc import Iterator
from pathlib import Path
import re

from django.conf import settings
import pytest

from incidents.access import Action
from incidents.queries.history import SENTENCES

ROOT = Path(__file__).resolve().parents[2]
APPS = ("breachcase", "incidents", "notifications")
READ_ONLY_ROOMS = ("views", "views.py", "forms", "forms.py", "queries", "templatetags", "tasks.py", "api.py")
WRITES = {"save", "delete", "create", "update", "get_or_create", "update_or_create", "bulk_create", "bulk_update"}
UNESCAPED = re.compile(r"\|\s*safe\b|{%\s*autoescape off")
LONGEST_FILE_LINES = 350
LONGEST_SCRIPT_LINES = 80
REGISTRY = re.compile(r"--(extra-)?index-url|--find-links|registry\.|\"resolved\"|file://")


def _sources(*rooms: str) -> Iterator[tuple[Path, ast.Module]]:
    """Give each of our modules with its tree; with ``rooms`` only what lies in them."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            parts = path.relative_to(ROOT / app).parts
            if "migrations" not in parts and (not rooms or any(room in parts for room in rooms)):
                yield path, ast.parse(path.read_text())


def _calls(tree: ast.Module, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names:
            yield node


def _place(path: Path, node: ast.Call) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno} {ast.unparse(node.func)}"


def _is_model_write(node: ast.Call) -> bool:
    """Test for ``something.save()`` and ``Model.objects….update()``, not for ``a_dict.update()``."""
    assert isinstance(node.func, ast.Attribute)
    receiver = ast.unparse(node.func.value)
    return node.func.attr in {"save", "delete"} or ".objects" in receiver or ".filter(" in receiver


def test_only_services_write() -> None:
    found = [
        f"{_place(path, node)} belongs in services/"
        for path, tree in _sources(*READ_ONLY_ROOMS)
        for node in _calls(tree, *WRITES)
        if _is_model_write(node)
    ]
    assert not found, "\n".join(found)


def test_i12_views_and_forms_ask_a_query_and_never_a_table() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno} {ast.unparse(node)} belongs in queries/, behind visible_to()"
        for path, tree in _sources("views", "views.py", "forms", "forms.py")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}
    ]
    assert not found, "\n".join(found)


def test_every_lock_says_that_it_is_no_key_lock() -> None:
    found = [
        f"{_place(path, node)} needs no_key=True: a full lock would make inserts that refer to the row wait"
        for path, tree in _sources()
        for node in _calls(tree, "select_for_update")
        if "no_key" not in {keyword.arg for keyword in node.keywords}
    ]
    assert not found, "\n".join(found)


def test_i2_nobody_touches_a_history_row() -> None:
    banned = ("update_change_reason", "save_without_historical_record", "cascade_delete_history", "clean_old_history")
    found = [
        f"{path.relative_to(ROOT)} uses {word}"
        for path, _ in _sources()
        for word in banned
        if word in path.read_text()
    ]
    assert not found, "\n".join(found)


def test_only_services_open_the_door_to_a_write() -> None:
    """import-linter says so too; this names the room for a module that has no contract yet."""
    found = [
        str(path.relative_to(ROOT))
        for path, tree in _sources(*READ_ONLY_ROOMS)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "breachcase.ledger.recording"
    ]
    assert not found, "\n".join(found)


def test_templates_escape_everything() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number} {line.strip()}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if UNESCAPED.search(line)
    ]
    assert not found, "\n".join(found)


def test_files_stay_rooms() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path, _ in _sources()}
    long = {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE_LINES}
    assert not long, f"each still one thing? {long}"


def test_scripts_of_pages_stay_short() -> None:
    lengths = {path.name: len(path.read_text().splitlines()) for path in (ROOT / "static" / "js").glob("*.js")}
    assert not {name: lines for name, lines in lengths.items() if lines > LONGEST_SCRIPT_LINES}


def test_every_task_is_named_after_its_app() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, tree in _sources("tasks.py")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and not any(f"name='{path.parent.name}." in ast.unparse(decorator) for decorator in node.decorator_list)
        and any("shared_task" in ast.unparse(decorator) for decorator in node.decorator_list)
    ]
    assert not found, f"name the task app.verb_noun: {found}"


def test_i12_every_action_is_asked_about() -> None:
    """By a service; that somebody may look, by the view that hands the action to the read log's service."""
    asked = {
        node.attr
        for _, tree in _sources("services", "views")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "Action"
    }
    assert not set(Action.__members__) - asked, "nothing asks whether these are allowed"


def test_every_act_in_the_record_has_its_sentence() -> None:
    named = {
        ast.literal_eval(argument)
        for _, tree in _sources("services")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for argument in _actions_named(node)
    }
    changing = {action.value for action in Action if not action.name.startswith("READ_")}
    of_cases = named | changing
    assert not of_cases - set(SENTENCES), "say in incidents/queries/history.py what these mean"
    assert not set(SENTENCES) - of_cases, "nothing records these any more"


def _actions_named(node: ast.Call) -> Iterator[ast.Constant]:
    """Yield the action that a call writes out: ``recording(actor, "it", …)`` or ``entry(…, action="it")``."""
    name = ast.unparse(node.func).rpartition(".")[2]
    if name == "recording" and isinstance(node.args[1], ast.Constant):
        yield node.args[1]
    for keyword in node.keywords:
        if name == "entry" and keyword.arg == "action" and isinstance(keyword.value, ast.Constant):
            yield keyword.value


def test_every_bell_that_is_rung_calls_a_task() -> None:
    tasks = {
        ast.literal_eval(keyword.value)
        for _, tree in _sources("tasks.py")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("shared_task")
        for keyword in node.keywords
        if keyword.arg == "name"
    }
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    rung = {
        ast.literal_eval(node.args[0])
        for _, tree in _sources()
        for node in _calls_by_name(tree, "ring", "ring_now")
        if isinstance(node.args[0], ast.Constant)
    }
    rung |= {
        node.value.value
        for _, tree in _sources("services")
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and ast.unparse(node.targets[0]) == "RUN"
    }
    assert rung
    assert not (scheduled | rung) - tasks


def _calls_by_name(tree: ast.Module, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node


@pytest.mark.parametrize(
    "name", ["requirements.txt", "requirements-dev.txt", "requirements-node.txt", "package-lock.json"]
)
def test_pinned_files_name_no_registry(name: str) -> None:
    assert not REGISTRY.search((ROOT / name).read_text())


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-node.txt"])
def test_every_pinned_package_has_its_hashes(name: str) -> None:
    blocks = re.split(r"\n(?=[a-z0-9])", (ROOT / name).read_text(), flags=re.IGNORECASE)
    bare = [block.split()[0] for block in blocks if not block.startswith("#") and "--hash=sha256:" not in block]
    assert not bare
