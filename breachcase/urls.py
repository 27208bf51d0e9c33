from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("", include("breachcase.accounts.urls")),
    path("", include("breachcase.web.urls")),
    path("", include("incidents.urls")),
    path("", include("notifications.urls")),
]
