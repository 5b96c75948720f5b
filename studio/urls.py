from django.urls import include, path, register_converter
from django.views.generic import RedirectView

from studio.lib.health import healthz
from studio.lib.uid import UidConverter

register_converter(UidConverter, "uid")

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("", include("studio.vitals.urls")),
    path("", RedirectView.as_view(pattern_name="create"), name="home"),
    path("", include("studio.accounts.urls")),
    path("assets/", include("studio.assets.urls")),
    path("models/", include("studio.catalogue.urls")),
    path("providers/", include("studio.sellers.urls")),
    path("", include("studio.generations.urls")),
    path("gallery/", include("studio.gallery.urls")),
    path("", include("studio.reports.urls")),
    path("upkeep/", include("studio.upkeep.urls")),
]

handler400 = "studio.accounts.views.errors.bad_request"
handler500 = "studio.accounts.views.errors.server_error"
