from django.urls import path

from luoshi.web.entries import corrections, figures, mine, proofs, records

app_name = "entries"
urlpatterns = [
    path("entries/", mine.index, name="index"),
    path("entries/proofs/<int:proof>/<int:file>/", proofs.file, name="file"),
    path("subjects/<int:id>/figures/", figures.figures, name="figures"),
    path("subjects/<int:id>/records/<str:record>/", records.record, name="record"),
    path("subjects/<int:id>/proof/<int:expectation>/", proofs.proof, name="proof"),
    path("subjects/<int:id>/checked/<int:look>/correct/", corrections.correct, name="correct"),
]
