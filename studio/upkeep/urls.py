from django.urls import URLPattern, path

from studio.upkeep import views

urlpatterns: list[URLPattern] = [
    path("faults/", views.faults, name="faults"),
    path("faults/check/", views.check_faults, name="faults_check"),
    path("restored/", views.restored, name="restored"),
]
