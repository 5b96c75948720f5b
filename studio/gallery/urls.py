from django.urls import URLPattern, URLResolver, path

from studio.gallery.views import gallery

urlpatterns: list[URLPattern | URLResolver] = [path("", gallery, name="gallery")]
