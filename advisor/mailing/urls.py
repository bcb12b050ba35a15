from django.urls import path

from advisor.mailing import views

urlpatterns = [
    # /<guide>/result/mail/
    path("<slug:guide_key>/result/mail/", views.mail_result, name="mail-result"),
    # /r/mail/<token>/
    path("r/mail/stop/<str:token>/", views.stop_mail, name="stop-mail"),
    path("r/mail/<slug:token>/", views.confirm_mail, name="confirm-mail"),
]
