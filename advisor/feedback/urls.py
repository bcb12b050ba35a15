from django.urls import path

from advisor.feedback import views

urlpatterns = [
    # /<guide>/result/
    path("<slug:guide_key>/result/fit/", views.fit, name="fit"),
]
