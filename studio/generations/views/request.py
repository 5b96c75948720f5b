from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from studio.accounts.models import User


class Request(HttpRequest):
    """Somebody is logged in: the middleware sees to it."""

    user: User
    htmx: HtmxDetails
