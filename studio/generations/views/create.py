"""The Create screen: the form, its draft, its price; and the order that it becomes."""

import secrets
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import push_url, reswap, retarget

from studio.assets import shelf
from studio.assets.models import Asset
from studio.generations import animatics, changes, drafts, forms, mending, orders
from studio.generations.briefs import Problem, Refused
from studio.generations.desk import lay
from studio.generations.entry import Entry
from studio.generations.models import Generation, Order, Origin
from studio.generations.views.request import Request
from studio.generations.ways import Place
from studio.lib import uid as uids

FORM = "create"


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: Request) -> HttpResponse:
    return _order(request) if request.method == "POST" else _screen(request)


def _screen(request: Request) -> HttpResponse:
    made = _made(request, uids.read(request.GET.get("made")))
    context = _context(request, _opening(request)) | {"made": made, "watching": _moves(made)}
    return render(request, "generations/create.html", context)


def _opening(request: Request) -> Entry:
    """What the form opens with: a clip to use again, a picture to begin with, or the draft."""
    if "from" in request.GET:
        mine = Generation.objects.visible_to(request.user)
        again = get_object_or_404(mine, uid=uids.read(request.GET["from"]))
        return _varied(Entry.from_generation(again), request.GET.get("vary", ""))
    if "order" in request.GET:
        own = Order.objects.filter(person=request.user)
        return Entry.from_order(get_object_or_404(own, uid=uids.read(request.GET["order"])))
    entry = Entry.from_draft(drafts.load(request.user, FORM))
    if "asset" not in request.GET:
        return entry
    pictures = Asset.objects.visible_to(request.user).shelved()
    return entry.begin_with(get_object_or_404(pictures, uid=uids.read(request.GET["asset"])).uid)


def _varied(entry: Entry, vary: str) -> Entry:
    """With one setting of the clip changed, such as "duration:8"."""
    name, colon, value = vary.replace("\x00", "")[:200].partition(":")
    return entry.with_setting(name, value) if colon else entry


def _context(request: Request, entry: Entry, refusals: Iterable[Problem] = ()) -> dict[str, Any]:
    return {"desk": lay(request.user, entry, refusals), "form_key": secrets.token_hex(16)}


def _made(request: Request, order: str) -> list[Generation]:
    found = Generation.objects.visible_to(request.user).filter(order__uid=order).for_show()
    return list(found.order_by("number"))


def _moves(generations: Iterable[Generation]) -> bool:
    return any(not generation.is_final for generation in generations)


# ── The order ─────────────────────────────────────────────────────────────────────────────────


def _order(request: Request) -> HttpResponse:
    entry = Entry.from_post(request.POST)
    drafts.save(request.user, FORM, entry.as_draft())
    try:
        order = _place(request, entry)
    except Refused as refused:
        return _refuse(request, entry, refused.problems)
    address = f"{reverse('create')}?{urlencode({'made': order.uid})}"
    if not request.htmx:
        return redirect(address)
    context = _context(request, entry) | {"made": _made(request, order.uid), "watching": True}
    answer = render(request, "generations/stage.html#ordered", context)
    return push_url(answer, address)


def _place(request: Request, entry: Entry) -> Order:
    """What was pressed: the clips, or first the free animatics of them."""
    if "animatic" in request.POST:
        made = forms.sketched(request.user, entry)
        wanted, takes, origin = animatics.of_all(made, entry.slate), 1, Origin.ANIMATIC
    else:
        wanted = forms.briefs(request.user, entry)
        takes, origin = entry.takes, Origin.CREATE
    return orders.place(
        request.user,
        forms.find_project(request.user, entry),
        wanted,
        takes=takes,
        form_key=uids.read(request.POST.get("form_key")) or secrets.token_hex(16),
        origin=origin,
    )


def _refuse(request: Request, entry: Entry, problems: Iterable[Problem]) -> HttpResponse:
    """The form again, with what is wrong at its place and everything typed still there."""
    context = _context(request, entry, problems)
    if not request.htmx:
        return render(request, "generations/create.html", context, status=422)
    answer = render(request, "generations/create.html#form", context, status=422)
    return reswap(retarget(answer, "#create"), "outerHTML")


# ── The draft ─────────────────────────────────────────────────────────────────────────────────


@require_POST
def draft(request: Request) -> HttpResponse:
    """Keep the form as it stands and answer with what follows from it: price, models, faults."""
    typed = entry_of(request)
    entry, refusals = _changed(request, typed)
    drafts.save(request.user, FORM, entry.as_draft())
    told = "" if refusals else mending.told(request.POST)
    if not request.htmx:
        for problem in refusals:
            messages.error(request, problem.message)
        if told:
            messages.success(request, told)
        return redirect(_next(request))
    context = {"desk": lay(request.user, entry, refusals), "keeps_stage": _keeps_stage(request)}
    context |= {"is_rewritten": entry.prompt != typed.prompt, "told": told}
    return render(request, "generations/create.html#changes", context)


def _changed(request: Request, typed: Entry) -> tuple[Entry, tuple[Problem, ...]]:
    """The entry after the press, and why it could not be done, where it could not."""
    try:
        return changes.change(request.user, typed, request.POST), ()
    except Refused as refused:
        return typed, refused.problems


def entry_of(request: Request) -> Entry:
    """The form, where it was sent along; the picker's own page sends only its choice."""
    if "mode" in request.POST:
        return Entry.from_post(request.POST)
    return Entry.from_draft(drafts.load(request.user, FORM))


def _next(request: Request) -> str:
    if "saved" in request.POST:
        project = uids.read(request.POST.get("project"))
        return f"{reverse('prompts')}?{urlencode({'project': project} if project else {})}"
    place = request.POST.get("pick", "")
    return f"{reverse('pick')}?{urlencode({'place': place})}" if place else reverse("create")


def _keeps_stage(request: Request) -> bool:
    """A clip stays on the stage while words and settings change, and leaves for new frames."""
    return "made" in request.POST and changes.pressed(request.POST) not in changes.NEW_FRAMES


@require_safe
def pick(request: Request) -> HttpResponse:
    """The person's pictures, to put one into a slot."""
    place = request.GET.get("place", "")
    mine = Asset.objects.visible_to(request.user).shelved()
    page = shelf.page(mine, request.user, uids.read(request.GET.get("after")))
    # The same picture may lie in several projects; one of it is enough to choose from.
    pictures = {asset.pixel_hash: asset for asset in reversed(page.assets)}
    context = {
        "place": place if place in set(Place) else Place.START,
        "pictures": reversed(pictures.values()),
        "last": page.last,
    }
    part = "#pictures" if request.htmx else ""
    return render(request, f"generations/pick.html{part}", context)
