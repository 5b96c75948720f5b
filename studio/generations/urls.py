from django.urls import URLPattern, URLResolver, path

from studio.generations.views.look import look

urlpatterns: list[URLPattern | URLResolver] = [
    path("look/", look, name="look"),
]
