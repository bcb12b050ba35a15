from django.urls import path

from advisor.assessment import previews, views

urlpatterns = [
    path("", views.front, name="front"),
    path("robots.txt", views.robots, name="robots"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    # /r/<code>/
    path("r/", views.code, name="code"),
    path("r/<str:typed>/", views.code, name="result-code"),
    # /preview/<token>/
    path("preview/<slug:token>/", previews.landing, name="preview"),
    path("preview/<slug:token>/result/", previews.result, name="preview-result"),
    path("preview/<slug:token>/<slug:question_key>/", previews.question, name="preview-question"),
    # /<guide>/
    path("<slug:guide_key>/", views.landing, name="landing"),
    path("<slug:guide_key>/result/", views.result, name="result"),
    path("<slug:guide_key>/<slug:question_key>/", views.question, name="question"),
]
