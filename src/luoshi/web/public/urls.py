from django.urls import path

from luoshi.web.public import link, mine, receipt, report, track, views

app_name = "public"
urlpatterns = [
    path("", views.home, name="home"),
    path("help/", views.after_reporting, name="help"),
    path("report/", report.report, name="report"),
    path("report/confidential/", report.report, {"confidential": True}, name="confidential"),
    path("report/near/", report.near, name="near"),
    path("report/known/", report.already_known, name="known"),
    path("report/forget/", receipt.forget, name="forget"),
    path("report/received/<str:signed>/", receipt.show, name="received"),
    path("report/received/<str:signed>/receipt.txt", receipt.as_text, name="receipt_text"),
    path("track/", track.track, name="track"),
    path("track/leave/", mine.leave, name="leave"),
    path("track/mine/", mine.mine, name="mine"),
    path("track/mine/reply/", mine.reply, name="reply"),
    path("track/mine/verdict/", mine.verdict, name="verdict"),
    path("track/mine/dispute/", mine.dispute, name="dispute"),
    path("track/mine/deny/", mine.deny, name="deny"),
    path("track/mine/picture/<key:id>/", mine.picture, name="picture"),
    path("v/<str:token>/", link.link, name="link"),
    path("v/<str:token>/picture/<key:id>/", link.picture, name="link_picture"),
]
