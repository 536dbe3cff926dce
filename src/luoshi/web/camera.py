"""Pictures from the phone's camera, or from those it took before."""

from typing import Any

from django import forms


class CameraInput(forms.FileInput):
    """Two inputs of one name: the first opens the camera. The field that cleans them takes all
    files of the name; with the script, another camera input appears after each picture."""

    template_name = "widgets/camera.html"
    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"accept": "image/*", "multiple": True, **(attrs or {})})
