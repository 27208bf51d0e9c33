from django.urls import path

from notifications.views import dispatches, reports, wordings

app_name = "notifications"
CASE = "cases/<uuid:incident_id>"
urlpatterns = [
    path(f"{CASE}/telling/", wordings.telling, name="telling"),
    path(f"{CASE}/telling/new/", wordings.wording_create, name="wording_new"),
    path(f"{CASE}/telling/<uuid:wording_id>/", wordings.wording_detail, name="wording"),
    path(f"{CASE}/telling/<uuid:wording_id>/edit/", wordings.wording_edit, name="wording_edit"),
    path(f"{CASE}/telling/versions/<uuid:version_id>/ask/", wordings.approval_ask, name="ask"),
    path(f"{CASE}/telling/versions/<uuid:version_id>/approve/", wordings.approval_answer, name="approve"),
    path(f"{CASE}/telling/versions/<uuid:version_id>/send-back/", wordings.approval_send_back, name="send_back"),
    path(f"{CASE}/telling/versions/<uuid:version_id>/dispatch/", dispatches.dispatch_prepare, name="prepare"),
    path(f"{CASE}/dispatches/<uuid:dispatch_id>/", dispatches.dispatch_detail, name="dispatch"),
    path(f"{CASE}/dispatches/<uuid:dispatch_id>/<str:act_name>/", dispatches.dispatch_act, name="dispatch_act"),
    path(f"{CASE}/deliveries/<uuid:delivery_id>/<str:choice>/", dispatches.delivery_resolve, name="resolve"),
    path(f"{CASE}/report/", reports.report_list, name="reports"),
    path(f"{CASE}/report/<uuid:report_id>/", reports.report_detail, name="report"),
    path(f"{CASE}/report/<uuid:report_id>/pdf/", reports.report_pdf, name="report_pdf"),
    path(f"{CASE}/report/<uuid:report_id>/sign-off/", reports.report_sign_off, name="sign_off"),
    path(f"{CASE}/report/<uuid:report_id>/filing/", reports.report_file, name="file"),
]
