"""A clip's brief once more: another take at a press, and the briefs of before to choose from."""

import secrets

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from studio.generations import again
from studio.generations.briefs import Refused
from studio.generations.models import Generation, Order
from studio.generations.states import State
from studio.generations.views.request import Request
from studio.lib import uid as uids

PAGE = 30


@require_POST
def another(request: Request, uid: str) -> HttpResponse:
    mine = Generation.objects.visible_to(request.user)
    generation: Generation = get_object_or_404(mine, uid=uid)
    form_key = uids.read(request.POST.get("form_key")) or secrets.token_hex(16)
    if generation.state == State.UNKNOWN and request.POST.get("twice") != "yes":
        priced = again.price(generation)
        context = {"generation": generation, "form_key": form_key, "priced": priced}
        return render(request, "generations/twice.html", context)
    try:
        order = again.another(generation, request.user, form_key)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("generation", generation.uid)
    return redirect(f"{reverse('create')}?{urlencode({'made': order.uid})}")


@require_safe
def history(request: Request) -> HttpResponse:
    """The person's own orders, newest first; each leads to its brief."""
    own = Order.objects.filter(person=request.user).order_by("-created_at", "-pk")
    mark = own.filter(uid=uids.read(request.GET.get("after"))).first()
    rest = own.filter(_before(mark)) if mark else own
    orders = list(rest.prefetch_related("generations__inputs__asset")[: PAGE + 1])
    context = {
        "orders": orders[:PAGE],
        "last": orders[PAGE - 1].uid if len(orders) > PAGE else "",
    }
    part = "#orders" if request.htmx else ""
    return render(request, f"generations/history.html{part}", context)


def _before(mark: Order) -> Q:
    return Q(created_at__lt=mark.created_at) | Q(created_at=mark.created_at, pk__lt=mark.pk)
