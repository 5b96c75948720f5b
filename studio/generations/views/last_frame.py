"""The end of one clip as the start of the next."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from studio.generations import drafts, frames
from studio.generations.briefs import Refused
from studio.generations.entry import Entry
from studio.generations.views.create import FORM
from studio.generations.views.marks import changeable
from studio.generations.views.request import Request


@require_POST
def last_frame(request: Request, uid: str) -> HttpResponse:
    """Take the clip's last frame out and begin the next brief with it."""
    generation = changeable(request, uid)
    try:
        asset = frames.last_frame(generation, request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("generation", generation.uid)
    entry = Entry.from_draft(drafts.load(request.user, FORM)).begin_with(asset.uid)
    drafts.save(request.user, FORM, entry.as_draft())
    return redirect("create")
