"""Fields that the pages of cases need: several photos, money in yuan, posts with their load."""

import decimal
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

FEN_PER_YUAN = 100


class PhotosInput(forms.ClearableFileInput):
    """A file input that takes several photos, on a phone straight from the camera."""

    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"accept": "image/*", "multiple": True, **(attrs or {})})


class PhotosField(forms.FileField):
    """Any number of files up to `most`; what is in them is checked by the service."""

    widget = PhotosInput

    def __init__(self, *, most: int = 9, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = most

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = [file for file in _listed(data) if file]
        if len(given) > self.most:
            raise ValidationError(_("Choose at most %(most)d photos.") % {"most": self.most})
        if not given and self.required:
            raise ValidationError(_("Add a photo."), code="required")
        return [super(PhotosField, self).clean(file, initial) for file in given]


def _listed(data: Any) -> Sequence[Any]:
    return data if isinstance(data, list | tuple) else [data]


class AnswerField(forms.TypedChoiceField):
    """Yes or no, neither chosen before: answers True or False."""

    def __init__(self, *, yes: Any, no: Any, **kwargs: Any) -> None:
        super().__init__(
            choices=[("yes", yes), ("no", no)],
            coerce=lambda value: value == "yes",
            widget=forms.RadioSelect,
            **kwargs,
        )


class YuanField(forms.DecimalField):
    """Asks for yuan with two decimals, answers integer fen."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_digits=14, decimal_places=2, **kwargs)
        self.widget.attrs.setdefault("inputmode", "decimal")

    def clean(self, value: Any) -> Any:
        yuan = super().clean(value)
        return None if yuan is None else int(yuan * FEN_PER_YUAN)

    def prepare_value(self, value: Any) -> Any:
        return decimal.Decimal(value) / FEN_PER_YUAN if isinstance(value, int) else value
