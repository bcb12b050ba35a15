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

of_a_guide = [
    path("call/", views.call, name="call"),
    path("call/thanks/<slug:key>/", views.thanks, name="thanks"),
]

urlpatterns = [path("calls/", include(of_a_call))]
