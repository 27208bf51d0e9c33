from django.urls import path

from breachcase.accounts import views

app_name = "accounts"
urlpatterns = [
    path("people/", views.people_list, name="people"),
    path("people/<uuid:person_id>/<str:act_name>/", views.person_act, name="person"),
    path("people/<uuid:person_id>/<str:act_name>/<str:role>/", views.person_act, name="person_role"),
    path("people/invitations/<uuid:invitation_id>/withdraw/", views.invitation_withdraw, name="invitation_withdraw"),
    path("sessions/", views.session_list, name="sessions"),
    path("profile/", views.profile, name="profile"),
    path("delegations/", views.delegations, name="delegations"),
    path("delegations/<uuid:delegation_id>/end/", views.delegation_end, name="delegation_end"),
    path("join/<str:token>/", views.join, name="join"),
    path("demonstration/", views.demonstration, name="demonstration"),
]
