from django.urls import include, path

from breachcase.accounts.views import no_such_page

urlpatterns = [
    # Before allauth's own: an address is changed by an administrator's invitation, never without an entry.
    path("accounts/email/", no_such_page),
    path("accounts/", include("allauth.urls")),
    path("", include("breachcase.accounts.urls")),
    path("", include("breachcase.web.urls")),
    path("", include("incidents.urls")),
    path("", include("notifications.urls")),
]
