"""The ``deadline`` command: each reading by its name, and a code for a start that cannot be counted from."""

from io import StringIO
import json

from django.core.management import call_command
import pytest


def run(*words: str) -> tuple[int, dict[str, object]]:
    out = StringIO()
    try:
        call_command("deadline", *words, "--json", stdout=out)
    except SystemExit as left:
        return int(str(left.code)), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def test_i8_it_prints_each_reading_and_the_steps_without_a_database() -> None:
    code, said = run(
        "eu-gdpr-33-1", "--start", "2026-09-04T16:30:00+02:00", "--timezone", "Europe/Paris", "--calendar", "FR"
    )
    assert code == 0
    assert said["rule"] == "eu-gdpr-33-1"
    assert said["counting_rule"] == "EU_1182_71_HOURS"
    assert said["binding_display"] == said["due_elapsed_hours"] == "2026-09-07T16:30:00+02:00"
    assert said["due_1182_71_hours"] == "2026-09-07T17:00:00+02:00"
    assert said["due_1182_71_hours_with_two_working_days"] == "2026-09-08T17:00:00+02:00"
    assert isinstance(said["steps"], list)
    assert "Monday 7 September 2026, 16:30 CEST" in said["steps"][1]


def test_dora_takes_both_instants_and_the_kind_of_entity() -> None:
    instants = ("--awareness", "2026-08-07T20:00:00+02:00", "--classification", "2026-08-08T09:00:00+02:00")
    words = ("eu-dora-initial", "--start", "2026-08-08T09:00:00+02:00", "--timezone", "Europe/Paris", *instants)
    assert run(*words, "--entity-class", "other")[1]["due"] == "2026-08-10T12:00:00+02:00"
    assert run(*words, "--entity-class", "credit_institution")[1]["due"] == "2026-08-08T13:00:00+02:00"


@pytest.mark.parametrize(
    ("start", "error"),
    [
        ("2026-03-29T02:30:00", "NONEXISTENT_LOCAL_TIME"),
        ("2026-10-25T02:30:00", "AMBIGUOUS_LOCAL_TIME"),
        ("tomorrow", "BAD_START"),
        ("2026-03-29", "BAD_START"),
    ],
)
def test_a_start_that_cannot_be_counted_from_has_a_code_and_a_sentence(start: str, error: str) -> None:
    code, said = run("eu-gdpr-33-1", "--start", start, "--timezone", "Europe/Paris")
    assert (code, said["error"]) == (2, error)
    assert str(said["message"]).endswith(".")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("no-such-rule", "--timezone", "UTC"), "There is no rule 'no-such-rule' in the law library."),
        (
            ("eu-gdpr-33-1", "--timezone", "Mars/Base"),
            "There is no time zone 'Mars/Base'. Name one as in Europe/Paris.",
        ),
        (("eu-gdpr-33-1", "--timezone", "UTC", "--calendar", "XX"), "There is no holiday calendar XX."),
        (("br-lgpd-authority", "--timezone", "UTC", "--phase", "later"), "has no phase 'later'"),
    ],
)
def test_a_wrong_word_is_said(words: tuple[str, ...], sentence: str) -> None:
    code, said = run(*words, "--start", "2026-09-04T16:30:00Z")
    assert code == 2
    assert sentence in str(said["message"])
