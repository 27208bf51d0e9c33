from datetime import UTC, datetime

import pytest

from incidents.demonstration.offending_message import (
    BROKEN,
    OWN_DOMAIN,
    numbers,
    offending_message,
    people_listed,
)
from incidents.intake.eml import read_message
from incidents.intake.message import Kind, ReadMessage


@pytest.fixture(scope="module")
def story() -> ReadMessage:
    """Return what is read from the message of the reference story."""
    return read_message(offending_message(), own_domains=[OWN_DOMAIN])


def test_the_story_counts_to_the_last_address(story: ReadMessage) -> None:
    counts, expected = story.counts, numbers()
    assert (counts.listed, counts.distinct, counts.duplicates) == (1531, 1500, 25)
    assert (counts.internal, counts.external, counts.unreadable) == (37, 1463, 6)
    assert (expected.listed, expected.distinct, expected.internal) == (1531, 1500, 37)


@pytest.mark.parametrize("people", [1, 2, 3, 15, 61, 2100])
def test_the_story_counts_at_every_size(people: int) -> None:
    counts, expected = read_message(offending_message(people=people), own_domains=[OWN_DOMAIN]).counts, numbers(people)
    assert {name: getattr(counts, name) for name in expected.__slots__} == {
        name: getattr(expected, name) for name in expected.__slots__
    }


def test_the_storys_people_are_read_with_their_addresses_and_names(story: ReadMessage) -> None:
    distinct = [one for one in story.recipients if one.duplicate_of is None]
    for read, meant in zip(distinct, people_listed(), strict=True):
        assert read.address.shown == meant.email
        first, _, last = meant.name.partition(" ")
        assert read.name in {"", meant.name, f"{last}, {first}"}
        assert read.problems == ()


def test_the_story_is_the_same_each_time_and_moves_with_its_date() -> None:
    assert offending_message() == offending_message()
    sent_at = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
    assert read_message(offending_message(people=1, sent_at=sent_at)).date.at == sent_at


def test_the_story_has_groups_in_both_fields_and_broken_addresses_with_reasons(story: ReadMessage) -> None:
    assert {(one.group, one.kind) for one in story.recipients} == {
        (None, Kind.TO),
        (None, Kind.CC),
        ("Newsletter team", Kind.TO),
        ("Friends of the clinic", Kind.CC),
    }
    assert len(story.unreadable) == len(BROKEN)
    assert all(one.reason.endswith(".") and one.raw for one in story.unreadable)


def test_the_story_shows_another_hand_than_the_accounts(story: ReadMessage) -> None:
    signs = {one.header: one for one in story.sending_signs}
    assert story.senders[0].address is not None
    assert story.senders[0].address.shown == "j.carr@meadowbank.example"
    assert "v.hale@meadowbank.example" in signs["Sender"].value
    assert [(one.header, one.value) for one in story.origins] == [
        ("X-Originating-IP", "198.51.100.23"),
        ("Received", "198.51.100.23"),
    ]
    assert [one.value for one in story.clients] == ["iPad Mail (22B91)"]


def test_the_storys_hops_come_in_order_of_travel_with_their_delays(story: ReadMessage) -> None:
    assert [hop.by_host for hop in story.hops] == [
        "ex02.meadowbank.example",
        "outbound.mailrelay.example",
        "mx1.post.example.com",
    ]
    assert [hop.delay_seconds for hop in story.hops] == [None, 3.0, 6.0]
    assert story.hops[0].from_host == "victor-hales-ipad.local"
    assert story.hops[0].protocol == "Microsoft SMTP Server"


def test_the_storys_authentication_is_given_as_reported(story: ReadMessage) -> None:
    assert [(one.method, one.result, one.reported_by) for one in story.authentication] == [
        ("spf", "pass", "mx1.post.example.com"),
        ("dkim", "pass", "mx1.post.example.com"),
        ("dmarc", "pass", "mx1.post.example.com"),
        ("spf", "pass", "mx1.post.example.com"),
    ]


def test_each_recipient_of_the_story_could_see_all_others(story: ReadMessage) -> None:
    assert (story.exposure.visible, story.exposure.hidden, story.exposure.viewers) == (1500, 0, 1500)
    assert story.exposure.external_viewers == 1463
    assert story.exposure.sentence.startswith("Each of the 1,500 recipients could see the 1,500 addresses")
    assert sum(one.count for one in story.exposure.domains) == 1500
