"""A model that an admin has switched off: shown dimmed, and never ordered."""

from django.utils.translation import gettext as _

from studio.generations.briefs import Problem


def switched_off() -> Problem:
    return Problem("model", "switched_off", _("An admin has switched this model off."))
