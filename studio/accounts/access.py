"""Who may come through which door."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse

from studio.accounts.models import User

P = ParamSpec("P")


class PersonRequest(HttpRequest):
    """A request that has passed the login."""

    user: User


def admins_only(
    view: Callable[Concatenate[PersonRequest, P], HttpResponse],
) -> Callable[Concatenate[PersonRequest, P], HttpResponse]:
    """For everybody else there is nothing here."""

    @wraps(view)
    def door(request: PersonRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_admin:
            raise Http404
        return view(request, *args, **kwargs)

    return door
