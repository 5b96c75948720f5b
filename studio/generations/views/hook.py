"""The door for providers that call us. Whatever is wrong with a call, it learns nothing."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from studio.generations import hints
from studio.providers.callbacks import BadSignature, Call, Rejected
from studio.scheduling.models import ProviderAccount

# A call repeats what a poll says, which is short.
LARGEST = 64 * 1024


@login_not_required
@csrf_exempt
@require_POST
def hook(request: HttpRequest, uid: str) -> HttpResponse:
    account = get_object_or_404(ProviderAccount, uid=uid, removed_at=None)
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        return HttpResponse(status=413)
    call = Call(
        method="POST",
        path=request.path,
        query=request.META.get("QUERY_STRING", ""),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=request.body,
    )
    try:
        hints.told(account, call)
    except BadSignature:
        return HttpResponse(status=401)
    except Rejected:
        return HttpResponse(status=400)
    return HttpResponse(status=202)
