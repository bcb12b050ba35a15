from django.urls import include, path

from advisor.assessment import drawn_views, later_views, previews, views

of_a_draft = [
    path("", previews.landing, name="preview"),
    path("result/", previews.result, name="preview-result"),
    path("<slug:question_key>/", previews.question, name="preview-question"),
]

of_a_guide = [
    path("", views.landing, name="landing"),
    path("result/", views.result, name="result"),
    # A point is in no key of a question, and neither is a second segment.
    path("result/since/", later_views.since, name="since"),
    path("result/look-again.ics", later_views.look_again, name="look-again"),
    path("memo.pdf", drawn_views.memo, name="memo"),
    path("card.png", drawn_views.card, name="card"),
    path("result/<slug:outcome_key>.png", drawn_views.card, name="outcome-card"),
    path("together/", views.together, name="together"),
    path("<slug:question_key>/", views.question, name="question"),
]

urlpatterns = [
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("r/", views.code, name="code"),
    path("r/<str:typed>/", views.code, name="result-code"),
    path("preview/<slug:token>/", include(of_a_draft)),
]
