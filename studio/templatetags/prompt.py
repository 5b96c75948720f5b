"""What the prompt helper shows."""

from django import template

from studio.generations import wording
from studio.generations.desk import Desk
from studio.generations.wording import Field

register = template.Library()


@register.simple_tag
def helper_fields(desk: Desk) -> tuple[Field, ...]:
    return wording.fields(desk.entry)


@register.simple_tag
def helper_kind(desk: Desk) -> str:
    """Changes with the fields that the helper has."""
    return "words" if wording.sentences(desk.entry.way) is wording.WITH_WORDS else "pictures"


@register.simple_tag
def comma() -> str:
    """What comes between two phrases in the language of the moment."""
    return wording.listed(["", ""])
