from django.urls import include, path

from advisor.booking import intake_views, views, visitor_views

of_a_call = [
    path("feed/<slug:token>.ics", visitor_views.host_feed, name="host-feed"),
    path("<slug:token>/confirm/", intake_views.confirm_call, name="confirm-call"),
    path("<slug:token>/", visitor_views.own_call, name="own-call"),
    path("<slug:token>/change/", visitor_views.change_time, name="own-call-change"),
    path("<slug:token>/cancel/", visitor_views.cancel_call, name="own-call-cancel"),
    path("<slug:token>/intro-call.ics", visitor_views.calendar_file, name="own-call-file"),
]

urlpatterns = [
    path("<slug:guide_key>/call/", views.call, name="call"),
    path("<slug:guide_key>/call/thanks/<slug:key>/", views.thanks, name="thanks"),
    path("calls/", include(of_a_call)),
]
