from datetime import timedelta
from io import BytesIO
import json

from hypothesis import given, settings, strategies as st
import pytest

from incidents.demonstration.offending_message import offending_message
from incidents.intake.eml import MESSAGE_LIMIT_BYTES, read_message
from incidents.intake.message import Kind, ReadMessage, Reason, UnreadableMessage
from incidents.intake.plain import as_plain

HEAD = b"From: Ann <ann@a.example>\nDate: Mon, 23 Nov 2026 09:30:00 +0545\n"


def refused(source: bytes) -> UnreadableMessage:
    """Return the refusal of a file that must not be read."""
    with pytest.raises(UnreadableMessage) as caught:
        read_message(source)
    return caught.value


@pytest.mark.parametrize(
    ("source", "reason", "words"),
    [
        (b"", Reason.EMPTY, "empty"),
        (b" \r\n\n\0\0", Reason.EMPTY, "nothing in this file but blanks"),
        (b"%PDF-1.7\n", Reason.NOT_A_MESSAGE, "a PDF"),
        (b"\x89PNG\r\n\x1a\n", Reason.NOT_A_MESSAGE, "a picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", Reason.NOT_A_MESSAGE, "Outlook"),
        (bytes(range(256)) * 50, Reason.NOT_A_MESSAGE, "no header"),
        (b"Dear all,\nplease see below.\n\nFrom the office\n", Reason.NOT_A_MESSAGE, "no header"),
        (b"Note: buy milk\nTomorrow: eggs\n", Reason.NOT_A_MESSAGE, "no header"),
        (b"Received: from a.exam", Reason.CUT_OFF, "breaks off"),
    ],
)
def test_what_is_no_message_is_refused_in_one_sentence_that_helps(source: bytes, reason: Reason, words: str) -> None:
    error = refused(source)
    assert error.reason is reason
    assert words in error.sentence


def test_too_large_a_file_is_refused_before_it_is_read_and_while_it_is_read() -> None:
    class Endless:
        taken = 0

        def read(self, size: int, /) -> bytes:
            self.taken += size
            return b"To: a@b.example\n" * (size // 16)

    endless = Endless()
    with pytest.raises(UnreadableMessage, match="larger than 1 MB"):
        read_message(endless, limit_bytes=1024 * 1024)
    assert endless.taken <= 2 * 1024 * 1024
    untouched = Endless()
    with pytest.raises(UnreadableMessage, match="larger than 150 MB"):
        read_message(untouched, size_bytes=MESSAGE_LIMIT_BYTES + 1)
    assert untouched.taken == 0


def test_a_long_body_is_walked_through_and_not_kept() -> None:
    class Big:
        """50 MB in chunks, none of which is kept by the test."""

        left = 50 * 1024 * 1024
        first = HEAD + b"To: b@b.example\n\n"

        def read(self, size: int, /) -> bytes:
            if self.first:
                first, self.first = self.first, b""
                return first
            size = min(size, self.left)
            self.left -= size
            return (b"x" * 75 + b"\n") * (size // 76) + b"x" * (size % 76)

    import tracemalloc

    tracemalloc.start()
    try:
        message = read_message(Big())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert message.size_bytes > 50 * 1024 * 1024
    assert message.content.text_cut
    assert peak < 8 * 1024 * 1024


@pytest.mark.parametrize("newline", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf", b"\n\n", b"From ann@a.example Mon Nov 23 09:30:00 2026\n"])
def test_line_ends_and_what_programs_put_in_front_change_nothing(newline: bytes, mark: bytes) -> None:
    text = (mark + HEAD + b"To: a@b.example,\n c@d.example\nSubject: Hi\n\nHello\n").replace(b"\n", newline)
    message = read_message(text)
    assert [one.address.shown for one in message.recipients] == ["a@b.example", "c@d.example"]
    assert (message.subject, message.content.text) == ("Hi", "Hello")


def test_utf_16_files_are_read() -> None:
    text = (HEAD + b"To: a@b.example\nSubject: Hi\n\nHello\n").decode().encode("utf-16")
    assert read_message(text).counts.listed == 1


def test_lines_that_are_no_headers_hide_none_of_the_recipients() -> None:
    message = read_message(HEAD + b"this is garbage\nTo: a@b.example\nCc: c@d.example\n\nHello\n")
    assert message.counts.listed == 2
    assert "A line among the headers is no header; it was left out." in message.problems


def test_a_line_of_white_space_does_not_hide_what_comes_after_it() -> None:
    message = read_message(HEAD + b"To: a@b.example,\n\t\n\tc@d.example\n \nSubject: Hi\n\nHello\n")
    assert (message.counts.listed, message.subject, message.content.text) == (2, "Hi", "Hello")


def test_a_missing_blank_line_does_not_turn_text_into_headers() -> None:
    message = read_message(HEAD + b"To: a@b.example\nHello Ann,\nNote: this is text\n")
    assert [name for name, _ in message.headers] == ["From", "Date", "To"]
    assert message.content.text.startswith("Hello Ann,")


def test_raw_octets_in_headers_are_read_in_whatever_encoding() -> None:
    source = HEAD + "To: Jürgen <a@b.example>\n".encode("latin-1") + "Cc: Zoë <c@d.example>\n\n".encode()
    assert [one.name for one in read_message(source).recipients] == ["Jürgen", "Zoë"]


def test_nul_octets_are_left_out_and_said() -> None:
    message = read_message(HEAD + b"To: a\0@b.example\nSubject: a\0b\n\n")
    assert message.recipients[0].address.shown == "a@b.example"
    assert message.subject == "ab"
    assert "A header holds NUL characters; they were left out." in message.problems


def test_a_header_folded_ten_thousand_times_is_read() -> None:
    folded = b",\n\t".join(b"p%d@b.example" % number for number in range(10_000))
    assert read_message(HEAD + b"To:\n \n\t" + folded + b"\n\n").counts.distinct == 10_000
    assert read_message(HEAD + b"To: " + folded + b"\n\n").counts.distinct == 10_000


def test_every_list_is_read_where_a_header_stands_twice() -> None:
    message = read_message(HEAD + b"To: a@b.example\nTo: c@d.example\nResent-Cc: e@f.example\n\n")
    assert [(one.field, one.kind) for one in message.recipients] == [
        ("To", Kind.TO),
        ("To", Kind.TO),
        ("Resent-Cc", Kind.CC),
    ]
    assert "There are 2 headers named To; all were read." in message.problems


def test_blind_copies_saw_and_were_not_seen() -> None:
    message = read_message(HEAD + b"To: a@b.example\nBcc: c@d.example, A@B.example\n\n")
    assert (message.exposure.visible, message.exposure.hidden, message.exposure.viewers) == (1, 1, 2)
    assert message.recipients[2].duplicate_of == 0


def test_parts_attachments_and_enclosed_messages_are_listed() -> None:
    body = b"""To: a@b.example
Content-Type: multipart/mixed; boundary="outer"

--outer
Content-Type: multipart/alternative; boundary=inner

--inner
Content-Type: text/html; charset=utf-8

<html><style>x</style><p>Hello &amp; good <b>bye</b></p></html>
--inner--
--outer
Content-Type: application/pdf
Content-Disposition: attachment; filename*=utf-8''caf%C3%A9.pdf
Content-Transfer-Encoding: base64

aGVsbG8=
--outer
Content-Type: message/rfc822

From: c@d.example
To: e@f.example, g@h.example
Subject: =?utf-8?q?Inn=C3=A9r?=

text
--outer
Content-Disposition: attachment; filename="..\\..\\evil/name.txt"
Content-Transfer-Encoding: quoted-printable

=41=42=
C
--outer--
"""
    content = read_message(HEAD + body).content
    assert content.text == "Hello & good bye"
    assert [(one.name, one.media_type, one.size_bytes, one.depth) for one in content.attachments] == [
        ("café.pdf", "application/pdf", 5, 0),
        ("", "text/plain", 5, 1),
        ("name.txt", "text/plain", 4, 0),
    ]
    assert [(one.subject, one.recipients, one.depth) for one in content.enclosed] == [("Innér", 2, 1)]


def test_messages_within_messages_are_opened_to_a_depth_and_no_deeper() -> None:
    nested = b"Content-Type: message/rfc822\n\n" * 5_000 + b"Subject: deep\n\ntext\n"
    message = read_message(HEAD + b"To: a@b.example\n" + nested)
    assert len(message.content.enclosed) == 40
    assert "Parts lie within parts too deep to be opened; the deepest are listed as one." in message.problems


def test_a_message_without_its_last_boundary_is_read_and_said_to_be_cut() -> None:
    cut = b"To: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nHello"
    message = read_message(HEAD + cut)
    assert message.content.text == "Hello"
    assert "A part does not end where it should: the file may have been cut off." in message.problems


@pytest.mark.parametrize(
    ("written", "offset", "problem"),
    [
        ("Mon, 23 Nov 2026 09:30:00 +0545", timedelta(hours=5, minutes=45), ""),
        ("23 Nov 26 09:30 EST", timedelta(hours=-5), ""),
        ("2026-11-23T09:30:00+01:00", timedelta(hours=1), ""),
        ("Mon, 23 Nov 2026 09:30:00 -0000", timedelta(0), "The date gives no time zone; it was read as UTC."),
        ("Mon, 99 Nov 2026 99:99:99 +9999", None, "The date cannot be read."),
        ("yesterday", None, "The date cannot be read."),
        ("Mon, 23 Nov 99999999999 09:30:00 +0000", None, "The date cannot be read."),
    ],
)
def test_a_date_is_an_instant_or_a_problem(written: str, offset: timedelta | None, problem: str) -> None:
    date = read_message(f"From: a@b.example\nDate: {written}\n\n".encode()).date
    assert (date.at.utcoffset() if date.at else None, date.problem) == (offset, problem)
    assert date.raw == written


def test_another_account_that_signed_in_is_pointed_out() -> None:
    received = (
        b"Received: from [10.0.0.4] (Authenticated sender: boss@a.example) by mx.a.example; 23 Nov 2026 09:30 +0000\n"
    )
    signs = read_message(received + HEAD + b"X-Authenticated-Sender: ann@a.example\n\n").sending_signs
    assert [(one.value, "another account" in one.meaning) for one in signs] == [
        ("ann@a.example", False),
        ("boss@a.example", True),
    ]


def coherent(message: ReadMessage) -> None:
    """Check what must hold of every reading: nobody is lost, counts add up, JSON takes it."""
    counts = message.counts
    assert counts.listed == len(message.recipients) + len(message.unreadable)
    assert len(message.recipients) == counts.distinct + counts.duplicates
    assert counts.distinct == counts.internal + counts.external
    firsts = {one.index: one.address.normalised for one in message.recipients if one.duplicate_of is None}
    assert len(set(firsts.values())) == counts.distinct == message.exposure.viewers
    for one in message.recipients:
        assert firsts[one.index if one.duplicate_of is None else one.duplicate_of] == one.address.normalised
    assert all(one.reason for one in message.unreadable)
    written = json.dumps(as_plain(message), ensure_ascii=False)
    assert "\\u0000" not in written
    written.encode()


_pieces = st.one_of(
    st.binary(max_size=40),
    st.sampled_from([b"From: ", b"To: ", b"Cc: ", b"Received: ", b"Subject: ", b"Date: ", b"Content-Type: "]),
    st.sampled_from([b"=?utf-8?b?", b"=?utf-7?q?", b"=?punycode?q?", b"=?idna?b?", b"?=", b"xn--", b"+2AA-"]),
    st.sampled_from([b"\n", b"\n ", b"\n\n", b"\n--x\n", b"\n--x--\n", b"message/rfc822\n\n", b"\0", b"\x1b$B"]),
    st.sampled_from([b"a@b.example", b"<", b">", b'"', b"(", b")", b",", b";", b":", b"[", b"]", b"\\", b"@"]),
    st.sampled_from([b"multipart/mixed; boundary=x", b"filename*=utf-16''%D8%00", b"\xff\xfe", b"\xed\xa0\x80"]),
)


@settings(max_examples=400)
@given(st.lists(_pieces, max_size=40).map(b"".join))
def test_no_octets_whatever_raise_anything_but_the_refusal(source: bytes) -> None:
    for octets in (source, HEAD + b"To: " + source):
        try:
            message = read_message(octets, own_domains=["b.example"])
        except UnreadableMessage as refusal:
            assert refusal.sentence.endswith(".")  # noqa: PT017  # refusing is one of two right answers
        else:
            coherent(message)


@settings(max_examples=60)
@given(st.integers(0, 3_000), st.integers(0, 255), st.integers(0, 3_000))
def test_a_story_with_a_flipped_octet_or_cut_short_is_still_read(place: int, octet: int, end: int) -> None:
    source = bytearray(offending_message(people=10))
    source[place % len(source)] = octet
    coherent(read_message(bytes(source)))
    try:
        coherent(read_message(bytes(source[:end])))
    except UnreadableMessage as refusal:
        assert refusal.reason in {Reason.CUT_OFF, Reason.EMPTY, Reason.NOT_A_MESSAGE}  # noqa: PT017  # as above


@given(st.integers(1, 400))
def test_chunks_of_any_size_give_the_same_reading(size: int) -> None:
    class Slow(BytesIO):
        def read(self, _: int | None = -1, /) -> bytes:
            return super().read(size)

    source = offending_message(people=5)
    assert read_message(Slow(source)) == read_message(source)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (
            "from unknown (HELO ) (192.0.2.106)\n  by smtp.b.example with SMTP; 24 May 2016 12:30:11 -0000",
            ("unknown", "192.0.2.106", "smtp.b.example", "SMTP", "", ""),
        ),
        ("(qmail 2160 invoked by uid 48); 14 Oct 2010 23:25:06 -0400", ("", "", "", "", "", "")),
        (
            "by 10.103.1.1 with SMTP id w10cs;\n Thu, 14 Oct 2010 20:25:16 -0700 (PDT)",
            ("", "", "10.103.1.1", "SMTP", "w10cs", ""),
        ),
        (
            "from A.b.example (2001:db8:10a6::7) by C.d.example\n (2001:db8::1) with mapi id 15.20.1; x",
            ("A.b.example", "2001:db8:10a6::7", "C.d.example", "mapi", "15.20.1", ""),
        ),
        (
            "from [192.0.2.69] by web.b.example via HTTP for <x@y.example>; Thu, 03 Dec 2009 10:50:22 PST",
            ("[192.0.2.69]", "192.0.2.69", "web.b.example", "", "", "x@y.example"),
        ),
        ("", ("", "", "", "", "", "")),
        ("by ((((;;;", ("", "", "", "", "", "")),
    ],
)
def test_a_hop_is_read_as_servers_write_it(written: str, read: tuple[str, ...]) -> None:
    hop = read_message(f"Received: {written}\nFrom: a@b.example\n\n".encode()).hops[0]
    assert (hop.from_host, hop.from_ip, hop.by_host, hop.protocol, hop.id, hop.for_address) == read
