"""Whether this is practice mode, for pages that are drawn without a request as well."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def is_practice() -> bool:
    return bool(settings.PRACTICE)
