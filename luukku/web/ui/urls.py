"""The gallery of components, for those who build."""

from django.urls import path

from luukku.web.ui.gallery import gallery

app_name = "ui"
urlpatterns = [path("", gallery, name="gallery")]
