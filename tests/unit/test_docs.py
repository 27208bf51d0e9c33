"""The documents tell the truth: what they list is what the code has, and every link leads somewhere."""

from pathlib import Path
import re

import pytest

from breachcase.settings import env
from incidents.access import Action, Role, roles_for
from incidents.queries.history import SENTENCES

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "SECURITY"))])
README_MAX_LINES = 120
PICTURE_MAX_BYTES = 200_000
DECISION_PARTS = ["Status", "Context", "Decision", "Consequences", "What would change our mind"]


def table_rows(page: str, heading: str = "") -> list[list[str]]:
    """Return the cells of the first table below ``heading``, without its head."""
    text = (DOCS / page).read_text().partition(heading)[2] if heading else (DOCS / page).read_text()
    lines = text.splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("| ---"))
    rows = []
    for line in lines[first + 1 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip().strip("|").split("|")])
    return rows


def names_in(page: str, heading: str = "") -> list[str]:
    return [row[0].strip("`") for row in table_rows(page, heading)]


def identifiers(text: str) -> set[str]:
    """Return the names that headings of a page can be linked by."""
    headings = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def test_the_page_of_roles_is_the_table_of_the_code() -> None:
    in_code = [
        [f"`{action.value}`", *("yes" if role in roles_for(action) else "" for role in Role)] for action in Action
    ]
    assert table_rows("reference/roles.md") == in_code


def test_the_page_of_the_ledger_has_every_act_on_a_case_with_its_sentence() -> None:
    on_page = {row[0].strip("`"): row[1] for row in table_rows("reference/ledger.md", "## Actions on a case")}
    assert on_page == SENTENCES


def test_the_page_of_the_ledger_has_every_act_in_an_organisation() -> None:
    rooms = (ROOT / "breachcase" / "accounts").glob("*.py")
    texts = [path.read_text() for path in rooms]
    recorded = {name for text in texts for name in re.findall(r'recording\(\s*\w+,\s*"([a-z_]+)"', text)}
    parts = {name for text in texts for name in re.findall(r'action="([a-z_]+)"', text)}
    assert recorded | parts == set(names_in("reference/ledger.md", "## Actions in an organisation"))


def test_the_page_of_settings_has_every_variable_and_no_other() -> None:
    assert names_in("reference/settings.md") == [variable.name for variable in env.VARIABLES]


def test_the_page_of_commands_has_every_command_of_ours() -> None:
    apps = ("breachcase", "incidents", "notifications")
    files = [path for app in apps for path in (ROOT / app).glob("**/management/commands/*.py")]
    listed = {name.split()[0] for name in names_in("reference/commands.md", "## `manage.py`")}
    assert {path.stem for path in files if path.stem != "__init__"} == listed


def test_the_page_of_commands_has_every_script() -> None:
    scripts = {f"script/{path.name}" for path in (ROOT / "script").iterdir() if path.suffix == "" and path.is_file()}
    assert set(names_in("reference/commands.md", "## In `script/`")) == scripts


def test_every_invariant_has_its_part_and_names_tests_that_exist() -> None:
    text = (DOCS / "explanation" / "invariants.md").read_text()
    assert [int(number) for number in re.findall(r"^## I(\d+) ", text, flags=re.MULTILINE)] == list(range(1, 15))
    for number, body in re.findall(r"^## I(\d+) [^\n]*\n(.*?)(?=^## |\Z)", text, flags=re.MULTILINE | re.DOTALL):
        for name in re.findall(r"`(tests/[\w/]+\.py)`", body):
            assert f"test_i{number}_" in (ROOT / name).read_text(), f"{name} proves nothing about I{number}"


@pytest.mark.parametrize("document", sorted((DOCS / "decisions").glob("[0-9]*.md")), ids=lambda one: one.stem)
def test_a_decision_has_its_five_parts_and_is_listed(document: Path) -> None:
    assert re.findall(r"^## (.+)$", document.read_text(), flags=re.MULTILINE) == DECISION_PARTS
    assert f"({document.name})" in (DOCS / "decisions" / "README.md").read_text()


@pytest.mark.parametrize("document", PAGES, ids=lambda one: str(one.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text()):
        if target.startswith(("http://", "https://")):
            continue
        path, _, part = target.partition("#")
        other = (document.parent / path).resolve() if path else document
        assert other.exists(), f"{target} leads nowhere"
        assert not part or part in identifiers(other.read_text()), f"{target}: no such heading"


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= README_MAX_LINES


def test_no_picture_is_heavy_and_each_is_shown() -> None:
    shown = "".join(page.read_text() for page in PAGES)
    for picture in (DOCS / "pictures").iterdir():
        assert picture.stat().st_size < PICTURE_MAX_BYTES, f"{picture.name} is heavy"
        assert f"pictures/{picture.name}" in shown, f"{picture.name} is shown nowhere"
