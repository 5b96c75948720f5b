"""The currencies that are legal tender somewhere today, by their three letters."""

from functools import cache

from babel import Locale
from babel.core import get_global
from babel.numbers import get_currency_name


@cache
def in_use() -> frozenset[str]:
    periods = [row for rows in get_global("territory_currencies").values() for row in rows]
    return frozenset(code for code, _since, until, tender in periods if tender and not until)


@cache
def named(language: str) -> list[tuple[str, str]]:
    """Code and label of each, sorted by code, in a language like `zh-hans`."""
    locale = Locale.parse(language, sep="-")
    return [
        (code, f"{code} · {get_currency_name(code, locale=locale)}") for code in sorted(in_use())
    ]
