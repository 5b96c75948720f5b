from http import HTTPStatus
from typing import Any

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from studio.accounts import devices, resets, sessions
from studio.accounts.forms.login import ResetForm
from studio.accounts.forms.resets import ForgotForm
from studio.accounts.models import User
from studio.audit.record import record


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def forgot(request: HttpRequest) -> HttpResponse:
    """The same answer for known and unknown addresses. Only where the studio can send mail."""
    if not settings.HAS_MAIL:
        raise Http404
    form = ForgotForm(request.POST or None)
    if not form.is_valid():
        status = 422 if form.errors else 200
        return render(request, "accounts/forgot.html", {"form": form}, status=status)
    email = form.cleaned_data["email"]
    if ratelimit.consume(request, action="reset_password", key=email.lower()):
        resets.send(email)
    return render(request, "accounts/forgot_sent.html", {"minutes": resets.MINUTES})


class ResetView(PasswordResetConfirmView):
    """Behind a reset link. A new password ends all sessions."""

    form_class = ResetForm
    template_name = "accounts/reset.html"
    success_url = reverse_lazy("account_login")

    def get_user(self, uidb64: str) -> User | None:
        """The address carries our uid, never a row number."""
        return User.objects.filter(uid=uidb64, is_active=True).first()

    def form_valid(self, form: "SetPasswordForm[User]") -> HttpResponse:
        response = super().form_valid(form)
        sessions.end_all(form.user)
        record(form.user, "person.reset_password", kind="person", uid=form.user.uid)
        messages.success(self.request, _("Your password is changed. Log in with the new one."))
        # Whoever held the link may log in even while strangers use up the account's guesses.
        devices.remember(response, form.user)
        return response

    def form_invalid(self, form: "SetPasswordForm[User]") -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def render_to_response(self, context: dict[str, Any], **options: Any) -> HttpResponse:
        if not self.validlink:
            options["status"] = HTTPStatus.GONE
        return super().render_to_response(context, **options)
