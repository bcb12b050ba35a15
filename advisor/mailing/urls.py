from django.urls import path

from advisor.mailing import views

of_a_guide = [path("result/mail/", views.mail_result, name="mail-result")]

urlpatterns = [
    path("r/mail/stop/<str:token>/", views.stop_mail, name="stop-mail"),
    path("r/mail/<slug:token>/", views.confirm_mail, name="confirm-mail"),
]
