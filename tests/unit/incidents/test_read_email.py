import json
from pathlib import Path

from django.core.management import call_command
import pytest

from incidents.demonstration.offending_message import OWN_DOMAIN, offending_message


@pytest.fixture
def story(tmp_path: Path) -> Path:
    """Return a file with the message of the reference story."""
    path = tmp_path / "story.eml"
    path.write_bytes(offending_message(people=15))
    return path


def test_json_gives_one_object_a_file_and_needs_no_database(story: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("read_email", str(story), str(story), "--json", "--own-domain", OWN_DOMAIN)
    first, second = json.loads(capsys.readouterr().out)
    assert first == second
    assert first["file"] == str(story)
    assert first["counts"]["distinct"] == 15
    assert {"kind", "name", "address", "domain", "duplicates", "problems"} <= set(first["recipients"][0])
    assert len(first["hops"]) == 3


def test_a_file_that_cannot_be_read_gives_a_sentence_and_the_others_are_still_read(
    story: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = story.with_name("empty.eml")
    empty.write_bytes(b"")
    missing = story.with_name("missing.eml")
    with pytest.raises(SystemExit) as left:
        call_command("read_email", str(empty), str(missing), str(story.parent), str(story), "--json")
    assert left.value.code == 1
    found = json.loads(capsys.readouterr().out)
    assert [one.get("error", "") for one in found] == [
        "This file is empty. Save the message in the mail program as .eml and bring that file.",
        "There is no such file.",
        "This is a folder, not a file.",
        "",
    ]


def test_without_json_the_summary_is_for_people(story: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("read_email", str(story))
    printed = capsys.readouterr().out
    assert "Each of the 15 recipients could see the 15 addresses in To and Cc" in printed
    assert "unreadable: no-at-sign.example.com. There is no @ in it." in printed
