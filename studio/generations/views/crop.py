"""The crop: every picture concerned with its box, to be moved before it is cut."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from studio.catalogue.fitting import How
from studio.generations import drafts
from studio.generations.crops import crops
from studio.generations.desk import lay
from studio.generations.entry import Entry
from studio.generations.fixes import Job, word_for
from studio.generations.views.create import FORM
from studio.generations.views.request import Request
from studio.lib import uid as uids


@require_safe
def crop(request: Request) -> HttpResponse:
    """Of the brief as it was kept last: the picture asked for, else all of another shape."""
    desk = lay(request.user, Entry.from_draft(drafts.load(request.user, FORM)))
    found = crops(desk, uids.read(request.GET.get("uid")))
    chosen = ",".join(dict.fromkeys(crop.uid for crop in found))
    jobs = {how: Job(how, "", chosen, "") for how in (How.CROP, How.PAD)}
    context = {
        "crops": found,
        "crop": str(jobs[How.CROP]),
        "crop_word": word_for(How.CROP, len(found)),
        "pad": str(jobs[How.PAD]),
    }
    part = "#crops" if request.htmx else ""
    return render(request, f"generations/crop.html{part}", context)
