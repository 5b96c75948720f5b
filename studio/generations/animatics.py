"""The free clip of any brief: the same pictures, at the chosen model's length and shape."""

import math
from collections.abc import Sequence
from dataclasses import replace

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from studio.catalogue import promises, shapes
from studio.catalogue.load import model
from studio.catalogue.prices import NoPrice
from studio.catalogue.specs import Promise, Value
from studio.generations.briefs import Brief
from studio.generations.quotes import quote
from studio.lib import money
from studio.providers.local import fonts

KEY = "local/animatic"
_HD = 1280 * 720


def of_all(briefs: Sequence[Brief], name: str = "") -> tuple[Brief, ...]:
    """An animatic of each; with a `name`, each bears a slate: the name, seconds, and the price."""
    return tuple(_of(brief, name) for brief in briefs)


def _of(brief: Brief, name: str) -> Brief:
    spec = model(KEY)
    given: dict[str, Value] = dict(brief.parameters)
    if brief.spec.key != KEY:
        given = _seconds(brief.promise) | _size(_wanted_ratio(brief))
    slate: dict[str, Value] = {"slate": _slate(brief, name)} if name.strip() else {}
    return replace(
        brief,
        spec=spec,
        prompt=brief.prompt[: spec.prompt.limit],
        parameters=promises.complete(spec, brief.mode, given | slate),
        style="",
        style_words="",
    )


def _seconds(promise: Promise) -> dict[str, Value]:
    if promise.seconds is None:
        return {}
    asked = promise.seconds
    lengths = [int(str(n)) for n in _allowed("duration")]
    return {"duration": min(lengths, key=lambda n: abs(n - asked))}


def _wanted_ratio(brief: Brief) -> float | None:
    """None: the picture's own."""
    promise = brief.promise
    if promise.width and promise.height:
        return promise.width / promise.height
    asked = str(brief.parameters.get(shapes.FIELD, "")) or brief.shape
    return shapes.ratio(asked) if asked else None


def _size(wanted: float | None) -> dict[str, Value]:
    """The size of the wanted shape that is nearest to 720p: a larger one shows no more."""
    if wanted is None:
        return {}
    ratio = wanted
    sizes = [str(size) for size in _allowed("size") if "x" in str(size)]
    return {"size": min(sizes, key=lambda size: (_off(size, ratio), abs(_pixels(size) - _HD)))}


def _off(size: str, wanted: float) -> float:
    """How far its shape is from the wanted one; nothing, as far as an eye can tell."""
    width, height = map(int, size.split("x"))
    off = abs(math.log(width / height / wanted))
    return 0 if off < 0.01 else off


def _pixels(size: str) -> int:
    width, height = map(int, size.split("x"))
    return width * height


def _allowed(name: str) -> Sequence[Value]:
    parameter = model(KEY).parameter(name)
    assert parameter, "the renderer has a length and a size"
    return parameter.allowed


def _slate(brief: Brief, name: str) -> str:
    seconds = brief.promise.seconds
    length = _("%(n)s s") % {"n": seconds} if seconds is not None else _("length not stated")
    return "\n".join(filter(None, (name.strip(), f"{brief.spec.name} · {length}", _price(brief))))


def _price(brief: Brief) -> str:
    try:
        priced = quote(brief)
    except NoPrice:
        return ""
    if priced.is_free:
        return _("free")
    language = get_language() or settings.LANGUAGE_CODE
    shown = money.display(priced.each, priced.currency, language)
    # A price must not be what a machine without many fonts cannot draw.
    return f"{priced.each.normalize():f} {priced.currency}" if fonts.missing(shown) else shown
