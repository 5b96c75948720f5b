from django.urls import path

from studio.catalogue import views

urlpatterns = [path("", views.models, name="models")]
