"""How a form is drawn: every input has its label, hint and error tied to it."""

from html.parser import HTMLParser
from typing import Any

from django import forms
from django.template.loader import render_to_string

from breachcase.web.forms import Form, yes_or_no


class Question(Form):
    title = forms.CharField(label="What happened?", help_text="In one sentence.")
    answer = yes_or_no("What is decided?", yes="Yes", no="No")
    sure = forms.BooleanField(label="I am sure")


class _Elements(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def ids(self) -> list[str | None]:
        return [attrs["id"] for _, attrs in self.found if "id" in attrs]


def _drawn(data: dict[str, Any] | None) -> _Elements:
    return _Elements(str(Question(data=data)))


def test_each_description_that_an_input_names_is_on_the_page() -> None:
    drawn = _drawn({})
    named = " ".join(
        attrs["aria-describedby"] or "" for _, attrs in drawn.found if "aria-describedby" in attrs
    ).split()
    assert set(named) >= {"id_title_helptext", "id_title_error", "id_answer_error"}
    assert set(named) <= set(drawn.ids())


def test_no_id_stands_twice() -> None:
    ids = _drawn({}).ids()
    assert len(ids) == len(set(ids))


def test_each_label_leads_to_an_input() -> None:
    drawn = _drawn(None)
    led = {attrs["for"] for tag, attrs in drawn.found if tag == "label"}
    assert led <= set(drawn.ids())


def test_choices_stand_in_a_fieldset_with_a_legend_and_none_is_chosen() -> None:
    drawn = _drawn(None)
    tags = [tag for tag, _ in drawn.found]
    assert "fieldset" in tags
    assert "legend" in tags
    assert not any("checked" in attrs for _, attrs in drawn.found)


def test_each_error_in_the_summary_leads_to_something_on_the_page() -> None:
    form = Question(data={})
    page = _Elements(render_to_string("partials/error_summary.html", {"form": form}) + str(form))
    led = [str(attrs["href"]).removeprefix("#") for tag, attrs in page.found if tag == "a"]
    assert len(led) == 3
    assert set(led) <= set(page.ids())


def test_no_summary_where_nothing_is_wrong() -> None:
    assert "error-summary" not in render_to_string("partials/error_summary.html", {"form": Question()})
