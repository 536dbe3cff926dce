from django.urls import path

from luoshi.web.entries import corrections, figures, mine, proofs, records

app_name = "entries"
urlpatterns = [
    path("entries/", mine.index, name="index"),
    path("entries/proofs/<key:proof>/<key:file>/", proofs.file, name="file"),
    path("subjects/<key:id>/figures/", figures.figures, name="figures"),
    path("subjects/<key:id>/records/<str:record>/", records.record, name="record"),
    path("subjects/<key:id>/proof/<key:expectation>/", proofs.proof, name="proof"),
    path("subjects/<key:id>/checked/<key:look>/correct/", corrections.correct, name="correct"),
]
