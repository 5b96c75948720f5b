"""How figures, times and states are written on every page."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from django import template
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from studio.assets.models import Asset
from studio.catalogue import shapes
from studio.catalogue.load import catalogue
from studio.catalogue.specs import Role
from studio.generations import again, progress, styles, waiting, words
from studio.generations.models import Generation, GenerationEvent
from studio.generations.states import UNSENT, State
from studio.lib import clock, money, uid
from studio.providers.registry import traits

register = template.Library()

JUST_NOW = timedelta(minutes=1)
# The class of the dot beside a state's word; a state that is not here has a plain one.
DOTS = {
    State.PROPOSED: "held",
    State.SUBMITTING: "running",
    State.RUNNING: "running",
    State.ARCHIVING: "running",
    State.SUCCEEDED: "done",
    State.FAILED: "failed",
    State.LOST: "failed",
    State.UNKNOWN: "unknown",
}


@register.filter(name="money")
def money_filter(amount: Decimal, currency: str) -> str:
    return money.display(amount, currency, get_language() or "en")


@register.filter
def model_name(key: str) -> str:
    """What the seller calls it; a model that has left the catalogue keeps its key."""
    spec = catalogue().models.get(key)
    return spec.name if spec else key


@register.filter
def title(generation: Generation) -> str:
    """Its words; without any, the model and when it was ordered."""
    if generation.prompt:
        return generation.prompt
    when = formats.date_format(timezone.localtime(generation.created_at), "SHORT_DATETIME_FORMAT")
    return f"{model_name(generation.model)} · {when}"


@register.filter
def ratio(picture: Asset) -> str:
    """Width by height as `data-ratio` takes it."""
    return f"{picture.width / picture.height:.4f}"


@register.filter
def dot(state: str) -> str:
    return DOTS.get(State(state), "")


@register.filter
def plain(number: Decimal) -> str:
    """Without idle zeros: 24, 23.976, 4.5."""
    return formats.number_format(Decimal(format(Decimal(number).normalize(), "f")))


@register.filter
def seconds(number: Decimal | float) -> str:
    return _("%(seconds)s s") % {"seconds": plain(round(Decimal(number), 2))}


@register.filter
def span(length: timedelta) -> str:
    """A duration: 0.4 s, 12 s, 3 min 20 s, 2 h 5 min."""
    whole = round(length.total_seconds())
    minutes, rest = divmod(whole, 60)
    if length < timedelta(seconds=10):
        return seconds(round(length.total_seconds(), 1))
    if whole < 60:
        return seconds(whole)
    if whole < 3600:
        return _("%(minutes)s min %(seconds)s s") % {"minutes": minutes, "seconds": rest}
    return _("%(hours)s h %(minutes)s min") % {"hours": minutes // 60, "minutes": minutes % 60}


@register.filter
def parameter_word(name: str) -> str:
    return words.parameter_word(name)


@register.filter
def role_word(role: str) -> str:
    return str(words.ROLES[Role(role)])


@register.simple_tag
def event_words(event: GenerationEvent) -> str:
    word = words.event_word(event)
    return f"{word} · {event.actor}" if event.actor else word


@register.simple_tag
def value_word(name: str, value: str | int | bool) -> str:
    return words.value_word(name, value)


@register.simple_tag
def style_name(key: str) -> str:
    return styles.name(key)


@register.simple_tag
def variations(generation: Generation) -> tuple[again.Variation, ...]:
    return again.variations(generation)


@register.simple_tag
def another_words(generation: Generation) -> str:
    """What the button for one more says: its name and its price today; empty where none can be."""
    priced = again.price(generation)
    if priced is None:
        return ""
    name = _("Another seed") if again.has_seed(generation) else _("Another take")
    price = _("free") if priced.is_free else money_filter(priced.each, priced.currency)
    return f"{name} · {price}"


@register.simple_tag
def form_key() -> str:
    """New for each drawing of a form: pressed twice, it is the same order."""
    return uid.new()


Read = TypeVar("Read")


def _of_this_request(context: template.Context, name: str, make: Callable[[], Read]) -> Read:
    """What many cards need is read once for all that this request draws."""
    request = context["request"]
    if not hasattr(request, name):
        setattr(request, name, make())
    found: Read = getattr(request, name)
    return found


@register.simple_tag(takes_context=True)
def time_left(context: template.Context, generation: Generation) -> str:
    """Roughly, as nobody waits by the second; empty where nothing measured allows a guess."""
    usual = _of_this_request(context, "usual", progress.Usual)
    left = progress.seconds_left(generation, usual)
    if left is None:
        return ""
    if left < 90:
        return _("about %(seconds)s s left") % {"seconds": left}
    return _("about %(minutes)s min left") % {"minutes": round(left / 60)}


@register.simple_tag(takes_context=True)
def why_waiting(context: template.Context, generation: Generation) -> str:
    return waiting.why(generation, _of_this_request(context, "lines", waiting.Lines))


@register.simple_tag
def cancel_words(generation: Generation) -> str:
    """What a press on Cancel would do, said before it is pressed."""
    if generation.state in UNSENT:
        return _("Nothing has been sent yet: cancelling is free and certain.")
    if generation.state == State.ARCHIVING:
        return _("It is finished and being saved; it would go into the trash.")
    if traits(generation.provider).can_cancel:
        return _("It can still be stopped.")
    return _("It cannot be stopped any more and will be charged.")


@register.simple_tag
def ago(when: datetime) -> SafeString:
    """ "2 min ago", with the exact time on hover."""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        when.isoformat(),
        formats.date_format(timezone.localtime(when), "DATETIME_FORMAT"),
        _since(when),
    )


def _since(when: datetime) -> str:
    if clock.now() - when < JUST_NOW:
        return _("just now")
    return _("%(time)s ago") % {"time": timesince(when, clock.now(), depth=1)}


# The longer side of a shape's little frame, and the space around it.
_ICON, _AIR = 12, 1.5


@register.simple_tag
def shape_icon(shape: str) -> SafeString:
    """A little frame of this shape; nothing for "as picture"."""
    if not shape:
        return SafeString("")
    ratio = shapes.ratio(shape)
    width, height = _ICON * min(1, ratio), _ICON / max(1, ratio)
    side = _ICON + 2 * _AIR
    return format_html(
        '<svg width="{0}" height="{0}" viewBox="0 0 {0} {0}" fill="none" stroke="currentColor"'
        ' stroke-width="1.5" aria-hidden="true">'
        '<rect x="{1}" y="{2}" width="{3}" height="{4}" rx="1.5"/></svg>',
        *(side, round((side - width) / 2, 2), round((side - height) / 2, 2)),
        *(round(width, 2), round(height, 2)),
    )


@register.simple_tag
def ground(width: int, height: int, colour: str = "") -> SafeString:
    """A plain picture of this shape and colour: it holds the place of one that still loads.

    The policy forbids style attributes; what an SVG says of itself is none.
    """
    return format_html(
        '<svg class="ground" viewBox="0 0 {} {}" width="{}" height="{}" aria-hidden="true">'
        '<rect width="100%" height="100%" fill="{}"/></svg>',
        *(width, height, width, height),
        colour or "currentColor",
    )
