from hypothesis import given, strategies as st
import pytest

from incidents.intake.address_list import entries
from incidents.intake.addresses import BadAddress, is_own, own_domain, read_address
from incidents.intake.recipients import read_mailboxes


def read(text: str) -> list[tuple[str, str | None]]:
    """Return name and address of each place in a list; None for an address that cannot be read."""
    return [(one.name, one.address.shown if one.address else None) for one in read_mailboxes(text)]


@pytest.mark.parametrize(
    ("written", "name", "address"),
    [
        ("a@b.example", "", "a@b.example"),
        ("Ann <a@b.example>", "Ann", "a@b.example"),
        ('"Berg, Ann" <a@b.example>', "Berg, Ann", "a@b.example"),
        (r'"Ann \"the pen\" Berg" <a@b.example>', 'Ann "the pen" Berg', "a@b.example"),
        ("a@b.example (Ann (from work) Berg)", "Ann (from work) Berg", "a@b.example"),
        ("=?utf-8?Q?Berg,_Andr=C3=A9?= <a@b.example>", "Berg, André", "a@b.example"),
        ("=?utf-8?B?QW5kcsOp?= =?utf-8?Q?_Berg?= <a@b.example>", "André Berg", "a@b.example"),
        ("=?iso-2022-jp?B?GyRCRURDZhsoQg==?= <a@b.example>", "田中", "a@b.example"),
        ('"=?koi8-r?Q?=ED=C1=D2=C9=D1?=" <a@b.example>', "Мария", "a@b.example"),
        ("=?klingon?Q?worf?= <a@b.example>", "worf", "a@b.example"),
        ("=?utf-8?B?QW5kcsOp!broken?= <a@b.example>", "Andrén\ufffd\ufffd\u0019", "a@b.example"),
        ("Ann\u202eBerg <a@b.example>", "AnnBerg", "a@b.example"),
        ("'Ann' <'a@b.example'>", "Ann", "a@b.example"),
        ("<@relay.example,@other.example:a@b.example>", "", "a@b.example"),
        ("mailto:a@b.example", "", "a@b.example"),
        ("<mailto:a@b.example>", "", "a@b.example"),
        ('"a b"@c.example', "", '"a b"@c.example'),
        (r'"a\@b"@c.example', "", '"a@b"@c.example'),
        ("a@[192.0.2.1]", "", "a@[192.0.2.1]"),
        ("a@[IPv6:2001:db8::1]", "", "a@[ipv6:2001:db8::1]"),
        ("ольга@почта.example", "", "ольга@почта.example"),
        ("a@XN--BCHER-KVA.example", "", "a@bücher.example"),
        ("a @ b.example", "", "a@b.example"),
        ("bounce+a=b.example@c.example", "", "bounce+a=b.example@c.example"),
        ("Smith, John <a@b.example>", "Smith, John", "a@b.example"),
        ("John Smith a@b.example", "John Smith", "a@b.example"),
        ("Ann <a@b.example", "Ann", "a@b.example"),
        ("Dr. Ann <a@b.example>", "Dr. Ann", "a@b.example"),
        ("Ann <<a@b.example>>", "Ann", "a@b.example"),
        ("Ann < (note) a@b.example (tail) >", "Ann", "a@b.example"),
        ("Ann < a . c @ b . example >", "Ann", "a.c@b.example"),
        ("bad@name (cmt <decoy@c.example>) <a@b.example>", "bad@name", "a@b.example"),
        ("Ann <,@old.example,,@relay.example: a@b.example>", "Ann", "a@b.example"),
    ],
)
def test_one_mailbox_is_read_as_people_and_programs_write_it(written: str, name: str, address: str) -> None:
    found = read(written)
    assert [address for _, address in found] == [address]
    if "broken" not in written:
        assert found[0][0] == name


@pytest.mark.parametrize(
    ("written", "addresses"),
    [
        ("a@b.example, c@d.example", ["a@b.example", "c@d.example"]),
        ("a@b.example; c@d.example;", ["a@b.example", "c@d.example"]),
        ("a@b.example,, ;c@d.example,", ["a@b.example", "c@d.example"]),
        ("a@b.example c@d.example", ["a@b.example", "c@d.example"]),
        ("Ann <a@b.example> Bob <c@d.example>", ["a@b.example", "c@d.example"]),
        ("<a@b.example, c@d.example>", ["a@b.example", "c@d.example"]),
        ('"unclosed <a@b.example>, c@d.example', ["a@b.example", "c@d.example"]),
        ("(unclosed a@b.example, c@d.example", [None, "c@d.example"]),
        ("=?utf-8?Q?Ann_=3Ca@b.example=3E,_c@d.example?=", ["a@b.example", "c@d.example"]),
        ("Team: a@b.example, Ann <c@d.example>;, e@f.example", ["a@b.example", "c@d.example", "e@f.example"]),
        ("undisclosed recipients: ;", []),
        (", a@b.example, group: (some text);, <c@d.example>", ["a@b.example", "c@d.example"]),
        ("", []),
        (" , ; (nobody) ", []),
    ],
)
def test_a_list_comes_apart_where_its_writer_meant_it_to(written: str, addresses: list[str | None]) -> None:
    assert [address for _, address in read(written)] == addresses


def test_members_of_a_group_carry_its_name_and_others_do_not() -> None:
    found = list(entries('"Our team": a@b.example, c@d.example; e@f.example, Empty:;, Open: g@h.example'))
    assert [(one.group, one.address) for one in found] == [
        ("Our team", "a@b.example"),
        ("Our team", "c@d.example"),
        (None, "e@f.example"),
        ("Open", "g@h.example"),
    ]


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("no-at-sign.example", "There is no @ in it."),
        ("a@@b.example", "There is more than one @ in it."),
        ("@b.example", "There is nothing before the @."),
        ("a@", "There is nothing after the @."),
        ("<>", "There is no address here."),
        ("<a b@c.example>", "There is a space before the @."),
        ("jo hn@c.example", "There is a space before the @."),
        ("<a@b c.example>", "There is a space after the @."),
        ("a@b..example", "A part of the domain is missing: a dot has nothing before or after it."),
        ("a@.example", "A part of the domain is missing: a dot has nothing before or after it."),
        ("a@b!c.example", "The domain holds a character that no domain may hold: !"),
        ("a@[not.a.number]", "What stands in brackets after the @ is no network address."),
        (f"a@{'b' * 64}.example", "A part of the domain is longer than 63 characters."),
        (
            "/O=CLINIC/OU=X/CN=CARR",
            "It is a name from inside an Exchange directory, not an address: there is no @ in it.",
        ),
        ("a" * 5000 + "@b.example", "It is 5,010 characters long; no mail server takes one over 998."),
        ("<a\x01b@c.example>", "There is a control character in it."),
    ],
)
def test_a_broken_address_is_listed_with_its_reason(written: str, reason: str) -> None:
    found = read_mailboxes(written)
    assert [(one.address, one.problems[0]) for one in found] == [(None, reason)]
    assert all(len(one.raw) <= 500 for one in found)


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("a@localhost", "no dot"),
        ("a..b@c.example", "dots before the @"),
        ("a@b_c.example", "underscore"),
        ("a\u200b@c.example", "cannot be seen"),
        ("Ann <a@b.example", "not closed"),
        ("a@b.example c@d.example", ""),
        ('"c@d.example" <a@b.example>', "holds an address of its own"),
    ],
)
def test_an_odd_address_is_read_and_its_oddity_said(written: str, problem: str) -> None:
    first = read_mailboxes(written)[0]
    assert first.address is not None
    assert problem in " ".join(first.problems)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann@Clinic.Example", "ann@clinic.example"),
        ("a@bücher.example", "a@xn--bcher-kva.EXAMPLE"),
        ("a@b.example.", "a@b.example"),
        ("andre\u0301@b.example", "andr\u00e9@b.example"),
        ('"ann"@b.example', "ann@b.example"),
    ],
)
def test_two_writings_of_one_address_are_the_same(one: str, other: str) -> None:
    assert read_address(one).normalised == read_address(other).normalised


def test_dots_and_tags_tell_addresses_apart() -> None:
    assert len({read_address(one).normalised for one in ("ab@c.example", "a.b@c.example", "ab+x@c.example")}) == 3


@pytest.mark.parametrize(
    ("domain", "own", "internal"),
    [
        ("clinic.example", "clinic.example", True),
        ("wards.clinic.example", "@Clinic.Example.", True),
        ("myclinic.example", "clinic.example", False),
        ("example", "clinic.example", False),
        ("xn--bcher-kva.example", "bücher.example", True),
    ],
)
def test_own_domains_reach_down_and_not_sideways(domain: str, own: str, *, internal: bool) -> None:
    assert is_own(domain, [own_domain(own)]) is internal


_names = st.text("abcXYZ ,.;:@<>()\"'äöñЖ田é=?_-", max_size=30).map(str.strip)
_locals = st.from_regex(r"[a-z0-9äж][a-z0-9+_äж-]{0,8}(\.[a-z0-9]{1,5})?", fullmatch=True)
_domains = st.sampled_from(["b.example", "mail.example.org", "bücher.example", "почта.example"])
_addresses = st.builds(lambda local, domain: f"{local}@{domain}", _locals, _domains)


def _quoted(name: str, address: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}" <{address}>'


@given(st.lists(st.tuples(_names, _addresses), max_size=12), st.sampled_from([",", ", ", ";", " ,\t"]))
def test_a_written_list_is_read_back_whatever_the_names_hold(pairs: list[tuple[str, str]], separator: str) -> None:
    text = separator.join(_quoted(name, address) if name else address for name, address in pairs)
    assert [address for _, address in read(text)] == [address for _, address in pairs]


@given(st.lists(_addresses, max_size=12, unique=True), st.randoms())
def test_the_order_of_the_list_changes_nothing_but_the_order(addresses: list[str], random: object) -> None:
    shuffled = list(addresses)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a Random
    assert sorted(read(", ".join(shuffled))) == sorted(read(", ".join(addresses)))


@given(st.one_of(_addresses, st.text(max_size=60).map(lambda text: f"{text}@b.example")))
def test_normalising_twice_is_normalising_once(written: str) -> None:
    try:
        once = read_address(written)
    except BadAddress:
        return
    assert read_address(once.shown).normalised == once.normalised


@given(st.text('a@b.,;:<>()[]"\\ =?q\t\u200bж', max_size=80))
def test_no_at_sign_gets_lost(text: str) -> None:
    """Every @ outside names and comments comes out in some entry, so no recipient disappears unread."""
    kept = "".join(entry.address + entry.name + (entry.group or "") for entry in entries(text))
    if not set(text) & set('"()<:[\\=?'):
        assert kept.count("@") == text.count("@")
    assert kept.count("@") <= text.count("@")


@pytest.mark.parametrize(
    "bit", ['"', "(", "<", '<",', "=?a?q?", "a@b ", "a@b:", "a:", '\\"', '("', '<"a>,', "((a)", "[", "@[", "A,", "<<>"]
)
def test_marks_without_partners_are_looked_at_once(bit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten times the text costs about ten times the looking; counted, not timed."""
    assert _looks(bit * 2000, monkeypatch) <= 12 * _looks(bit * 200, monkeypatch) + 100


def _looks(text: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how many characters the scanner's searches passed over while it took ``text`` apart."""
    from incidents.intake import address_tokens

    passed = 0

    class Counting:
        def __init__(self, pattern: object) -> None:
            self.pattern = pattern

        def search(self, text: str, start: int = 0, stop: int | None = None) -> object:
            nonlocal passed
            found = self.pattern.search(text, start, len(text) if stop is None else stop)  # type: ignore[attr-defined]
            passed += (found.end() if found else len(text) if stop is None else stop) - start
            return found

    with monkeypatch.context() as patch:
        patch.setattr(address_tokens, "_ENDS_OF_ANGLE", Counting(address_tokens._ENDS_OF_ANGLE))
        patch.setattr(address_tokens, "_SEPARATOR", Counting(address_tokens._SEPARATOR))
        patch.setattr(address_tokens, "_MARKS", {key: Counting(value) for key, value in address_tokens._MARKS.items()})
        sum(1 for _ in entries(text))
    return passed
