"""Laws and their articles as they are entered."""

from django import forms
from django.utils.translation import gettext_lazy as _

from organizations.forms.catalogues import DAY, RowField
from organizations.models import Law, LawArticle


class LawField(RowField):
    def __init__(self, **more: object) -> None:
        super().__init__(
            Law.objects.all(), catalogue="laws", code="code", name="short_title", **more
        )


class LawForm(forms.ModelForm):
    followed_by = LawField(label=_("Followed by"), required=False)

    class Meta:
        model = Law
        fields = [
            "code", "kind", "title", "title_en", "short_title", "issued_by", "document", "read_at",
            "valid_from", "day_verified", "valid_to", "followed_by",
        ]  # fmt: skip
        widgets = {"valid_from": DAY, "valid_to": DAY}


class LawArticleForm(forms.ModelForm):
    law = LawField(label=_("Law or standard"))

    class Meta:
        model = LawArticle
        fields = ["law", "number", "gist", "gist_en", "valid_from"]
        widgets = {"valid_from": DAY}
