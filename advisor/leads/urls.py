from django.urls import path

from advisor.leads import views

urlpatterns = [
    # /<guide>/call/
    path("<slug:guide_key>/call/", views.call, name="call"),
    path("<slug:guide_key>/call/thanks/<slug:key>/", views.thanks, name="thanks"),
]
