"""Which addresses are public, and which texts are let near a connection at all."""

import pytest

from studio.providers.door.addresses import is_public, literal, system_resolver
from studio.providers.door.faults import NotSent, Why
from studio.providers.door.policy import Policy
from studio.providers.door.targets import admit

NOBODY = Policy(trusted=frozenset())

PRIVATE = [
    *("0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1"),
    *("127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1"),
    *("192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1"),
    *("224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "168.63.129.16"),
    *("::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254"),
    *("64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::a00:1", "100::1", "2001::1"),
    *("2001:0:7f00:1::", "2001:10::1", "2001:db8::1", "2002:7f00:1::", "2002:a00:1::1"),
    *("3fff::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "ff0e::1"),
    *("4000::1", "", "localhost", "example.com", "1.2.3"),
]
PUBLIC = [
    *("1.1.1.1", "8.8.8.8", "93.184.216.34", "100.63.255.255", "100.128.0.1", "172.32.0.1"),
    *("::ffff:8.8.8.8", "2606:4700:4700::1111", "2a00:1450:4001::1", "2400:cb00::1"),
]
# Texts that a resolver reads as 127.0.0.1, 169.254.169.254 or another private address.
ODD = [
    *("0x7f.1", "2130706433", "127.1", "127.0.1", "0177.0.0.1", "0x7f000001", "017700000001"),
    *("①②⑦.0.0.1", "127。0。0。1", "１２７.０.０.１", "0", "0.0.0.0", "127.0.0.1."),
    *("2852039166", "0xa9fea9fe", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"),
    *("[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fec0::1]", "[fe80::1]", "[fd00::1]"),
    *("10.0.0.1", "100.64.0.1", "169.254.169.254", "192.168.0.1", "224.0.0.1"),
]


@pytest.mark.row("A109")
@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_the_open_internet_is_not_public(address: str) -> None:
    assert not is_public(address)
    assert not is_public(f"{address}%eth0")


@pytest.mark.parametrize("address", PUBLIC)
def test_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.row("A109")
@pytest.mark.parametrize("host", ODD)
def test_figures_that_mean_a_private_address_are_refused_before_any_question(host: str) -> None:
    def never(host: str, port: int) -> list[str]:
        raise AssertionError("nothing had to be resolved")

    with pytest.raises(NotSent) as refusal:
        admit(f"https://{host}/a.mp4", Policy(trusted=frozenset(), resolver=never))
    assert refusal.value.why is Why.FORBIDDEN


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("0x7f.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("::1", "::1"),
        ("example.com", None),
        ("1e100.net", None),
    ],
)
def test_figures_are_told_from_names(host: str, address: str | None) -> None:
    assert literal(host) == address


@pytest.mark.row("A110")
@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://user:pass@example.com/", Why.BAD_ADDRESS),
        ("https://user@example.com/", Why.BAD_ADDRESS),
        ("file:///etc/passwd", Why.BAD_ADDRESS),
        ("gopher://example.com/", Why.BAD_ADDRESS),
        ("ftp://example.com/a", Why.BAD_ADDRESS),
        ("data:text/plain,a", Why.BAD_ADDRESS),
        ("//example.com/a", Why.BAD_ADDRESS),
        ("example.com/a", Why.BAD_ADDRESS),
        ("", Why.BAD_ADDRESS),
        ("https://", Why.BAD_ADDRESS),
        ("https:///a", Why.BAD_ADDRESS),
        ("https://exa mple.com/", Why.BAD_ADDRESS),
        ("https://exa\nmple.com/", Why.BAD_ADDRESS),
        ("https://example.com\\@10.0.0.1/", Why.BAD_ADDRESS),
        ("https://example.com:99999/", Why.BAD_ADDRESS),
        ("https://example.com:0/", Why.BAD_ADDRESS),
        ("https://example.com:x/", Why.BAD_ADDRESS),
        ("https://[::1/", Why.BAD_ADDRESS),
        ("https://[fe80::1%25eth0]/", Why.BAD_ADDRESS),
        ("https://exam℀ple.com/", Why.BAD_ADDRESS),
        ("https://" + "a" * 300 + ".com/", Why.BAD_ADDRESS),
        ("http://example.com/", Why.FORBIDDEN),
        ("https://example.com:22/", Why.FORBIDDEN),
        ("https://example.com:25/", Why.FORBIDDEN),
    ],
)
def test_an_address_that_nobody_should_call_is_refused(url: str, why: Why) -> None:
    with pytest.raises(NotSent) as refusal:
        admit(url, NOBODY)
    assert refusal.value.why is why
    assert "pass" not in str(refusal.value)


@pytest.mark.parametrize(
    ("url", "called"),
    [
        ("https://Example.COM", "https://example.com/"),
        ("HTTPS://example.com:443/a?b=c#d", "https://example.com/a?b=c"),
        ("https://example.com:8443/a", "https://example.com:8443/a"),
        ("https://example.com./a", "https://example.com/a"),
        ("https://bücher.example/a b", "https://xn--bcher-kva.example/a%20b"),
        ("https://example.com/猫.mp4?sign=a%2Fb+c==&x='~", None),
        ("https://[2606:4700:4700::1111]/", "https://[2606:4700:4700::1111]/"),
        ("https://8.8.8.8//a/../b", "https://8.8.8.8//a/../b"),
    ],
)
def test_a_public_address_is_called_as_it_is_written(url: str, called: str | None) -> None:
    signed = "https://example.com/%E7%8C%AB.mp4?sign=a%2Fb+c==&x='~"
    assert admit(url, NOBODY).url == (called or signed)


def test_a_trusted_host_is_reached_as_it_is_but_only_on_its_port() -> None:
    policy = Policy(trusted=frozenset({"127.0.0.1:8100", "relay.lan", "[::1]:8100"}))
    assert admit("http://127.0.0.1:8100/v1", policy).trusted
    assert admit("http://relay.lan:99/v1", policy).trusted
    assert admit("http://[::1]:8100/", policy).trusted
    for other in ("http://127.0.0.1:8101/", "http://127.0.0.1/", "http://2130706433:8100/"):
        with pytest.raises(NotSent):
            admit(other, policy)


@pytest.mark.row("A112")
def test_a_practice_studio_reaches_nobody_but_whom_the_operator_trusts() -> None:
    policy = Policy(trusted=frozenset({"127.0.0.1:8100"}), practice=True)
    assert admit("http://127.0.0.1:8100/", policy).trusted
    with pytest.raises(NotSent) as refusal:
        admit("https://api.example.com/", policy)
    assert refusal.value.why is Why.FORBIDDEN


def test_behind_a_proxy_names_of_the_inside_are_refused_since_nobody_else_would() -> None:
    policy = Policy(trusted=frozenset(), proxy="http://127.0.0.1:3128")
    assert admit("https://api.example.com/", policy).host == "api.example.com"
    for host in ("localhost", "metadata", "db.internal", "printer.local", "a.localhost", "10.1"):
        with pytest.raises(NotSent):
            admit(f"https://{host}/", policy)


@pytest.mark.parametrize("proxy", ["socks5://a", "https://a", "a:80", "http://"])
def test_a_proxy_of_another_kind_is_refused_at_once(proxy: str) -> None:
    with pytest.raises(ValueError, match="proxy"):
        Policy(trusted=frozenset(), proxy=proxy)


def test_a_policy_does_not_show_the_password_of_its_proxy() -> None:
    policy = Policy(trusted=frozenset(), proxy="http://me:hidden@127.0.0.1:3128")
    assert "hidden" not in repr(policy)


def test_the_system_resolves_a_literal_to_itself() -> None:
    assert system_resolver("127.0.0.1", 80) == ("127.0.0.1",)
