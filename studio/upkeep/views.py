"""What only admins see: files with a fault, and what follows a restore."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from studio.accounts.access import PersonRequest, admins_only
from studio.accounts.models import Studio
from studio.storage.models import Blob
from studio.upkeep import safety, scrub
from studio.upkeep.faults import by_owner

# A page that waits for the disk hashes no more than this at once.
MOST_AT_ONCE = 100


@require_safe
@admins_only
def faults(request: PersonRequest) -> HttpResponse:
    context = {"owners": by_owner(), "count": Blob.objects.faulty().count()}
    return render(request, "upkeep/faults.html", context)


@require_POST
@admins_only
def check_faults(request: PersonRequest) -> HttpResponse:
    """Hash the file named by `sha256` again; without it all that are on the list."""
    listed = Blob.objects.faulty().order_by("checked_at")
    if request.POST.get("sha256"):
        listed = listed.filter(sha256=request.POST["sha256"])
    try:
        done = scrub.scrub(list(listed[:MOST_AT_ONCE]), rate=0)
    except scrub.NoStore:
        messages.error(request, _("The media folder is not there: nothing was checked."))
        return redirect("faults")
    whole = done.files - len(done.faulty)
    found = ngettext("%(n)d file is whole again.", "%(n)d files are whole again.", whole)
    left = ngettext("%(n)d is not.", "%(n)d are not.", len(done.faulty))
    messages.info(request, f"{found % {'n': whole}} {left % {'n': len(done.faulty)}}")
    return redirect("faults")


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def restored(request: PersonRequest) -> HttpResponse:
    if request.method == "POST":
        return _confirm(request)
    context = {
        "restored_at": Studio.get().restored_at,
        "unknown": safety.unknown().select_related("person", "project"),
        "waiting": safety.waiting().select_related("person", "project"),
    }
    return render(request, "upkeep/restored.html", context)


def _confirm(request: PersonRequest) -> HttpResponse:
    if safety.confirm(request.user, cancel_waiting="cancel" in request.POST):
        messages.success(request, _("Confirmed. The studio works as usual again."))
    else:
        messages.info(request, _("That was confirmed already."))
    return redirect("restored")
