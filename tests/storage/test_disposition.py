import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.storage.disposition import disposition


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("clip.mp4", 'inline; filename="clip.mp4"'),
        ('a "b"\\c.mp4', 'inline; filename="a _b__c.mp4"'),
        ("a\r\nSet-Cookie: x=1.mp4", 'inline; filename="aSet-Cookie_ x=1.mp4"'),
        (
            "海辺の café.mp4",
            "inline; filename=\"___ cafe.mp4\"; filename*=UTF-8''"
            "%E6%B5%B7%E8%BE%BA%E3%81%AE%20caf%C3%A9.mp4",
        ),
        ("photo\u202egpj.exe", 'inline; filename="photogpj.exe"'),
        ("../../etc/passwd", 'inline; filename="_.._etc_passwd"'),
        ("", 'inline; filename="file"'),
        ("\x00...", 'inline; filename="file"'),
    ],
)
def test_a_name_is_carried_safely(name: str, header: str) -> None:
    assert disposition(name, attachment=False) == header


def test_a_long_name_keeps_its_ending() -> None:
    header = disposition("x" * 300 + ".mp4", attachment=True)
    assert header.startswith('attachment; filename="xxx')
    assert header.endswith('x.mp4"')
    assert len(header) < 200


@given(st.text())
def test_no_name_breaks_the_header(name: str) -> None:
    header = disposition(name, attachment=True)
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
