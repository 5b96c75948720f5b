from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from studio.accounts import preferences
from studio.accounts.models import User


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponseBase:
    """The language of this browser, and of the person if one is logged in."""
    if isinstance(request.user, User):
        preferences.speak(request.user, request.POST.get("language", ""))
    return set_language(request)
