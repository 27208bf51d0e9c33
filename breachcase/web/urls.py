from django.urls import path

from breachcase.web import views

app_name = "web"
urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("drafts/", views.draft, name="draft"),
    path("status/", views.status, name="status"),
]
