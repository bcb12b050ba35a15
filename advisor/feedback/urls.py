from django.urls import path

from advisor.feedback import views

of_a_guide = [path("result/fit/", views.fit, name="fit")]
