from django.urls import path

from advisor.booking import own, views

urlpatterns = [
    # /<guide>/call/
    path("<slug:guide_key>/call/", views.call, name="call"),
    path("<slug:guide_key>/call/thanks/<slug:key>/", views.thanks, name="thanks"),
    # /calls/<token>/
    path("calls/feed/<slug:token>.ics", own.host_feed, name="host-feed"),
    path("calls/<slug:token>/", own.own_call, name="own-call"),
    path("calls/<slug:token>/change/", own.change, name="own-call-change"),
    path("calls/<slug:token>/cancel/", own.call_off, name="own-call-cancel"),
    path("calls/<slug:token>/intro-call.ics", own.calendar_file, name="own-call-file"),
]
