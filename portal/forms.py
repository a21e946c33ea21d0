"""What residents fill in."""

import re
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from grids.models import Level, Territory
from lib.languages import in_language
from routing.models import Category
from routing.suggest import Known, known_categories

MOST_PHOTOS = 6
_TELEPHONE = re.compile(r"\+?\d{7,15}")


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several files; cleaned to a list."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if len(files) > MOST_PHOTOS:
            raise forms.ValidationError(_("Send at most six photos."), code="too_many")
        return [super(PhotosField, self).clean(file, initial) for file in files]


class ReopenForm(forms.Form):
    note = forms.CharField(
        label=_("What is still wrong?"), max_length=1000, widget=forms.Textarea({"rows": 3})
    )


def _coordinate(largest: int) -> forms.FloatField:
    return forms.FloatField(
        required=False,
        widget=forms.HiddenInput(attrs={"data-draft": ""}),
        validators=[MinValueValidator(-largest), MaxValueValidator(largest)],
    )


class PlaceForm(forms.Form):
    """A point (WGS-84) or an address."""

    lon = _coordinate(180)
    lat = _coordinate(90)
    address = forms.CharField(
        label=_("Address or landmark"),
        help_text=_("Town, community, road and number, or what stands beside it."),
        max_length=200,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        has_point = given.get("lon") is not None and given.get("lat") is not None
        if not has_point and not given.get("address") and "address" not in self.errors:
            self.add_error("address", _("Say where: put the pin on the map, or write the address."))
        return given


class ReportForm(PlaceForm):
    """A resident's report. Only the description and a place are asked for."""

    text = forms.CharField(
        label=_("What is the matter?"),
        help_text=_("What do you see, since when, whom does it harm? Leave out names and numbers."),
        max_length=4000,
        widget=forms.Textarea(
            attrs={
                "rows": 5,
                "hx-post": reverse_lazy("portal:danger"),
                "hx-trigger": "input changed delay:400ms, load",
                "hx-target": "#danger",
                "hx-params": "text,csrfmiddlewaretoken",
            }
        ),
        error_messages={"required": _("Say in a few words what is the matter.")},
    )
    category = forms.CharField(
        label=_("Kind of matter"),
        help_text=_("Type and choose, or leave it to us."),
        required=False,
        widget=forms.TextInput(attrs={"list": "categories", "autocomplete": "off"}),
    )
    photos = PhotosField(
        label=_("Photos"),
        help_text=_("Up to six. Best one from near and one that shows the surroundings."),
        required=False,
        widget=SeveralFiles(
            attrs={
                "accept": "image/jpeg,image/png,image/webp",
                "data-photos": "#chosen-photos",
                "data-most": MOST_PHOTOS,
                "data-remove": _("Remove"),
            }
        ),
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name", "data-no-draft": ""}),
    )
    phone = forms.CharField(
        label=_("Your telephone"),
        help_text=_(
            "Only used to tell you how it goes, to ask how it went, or if something is unclear."
        ),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel", "data-no-draft": ""}),
    )
    agreed = forms.BooleanField(
        label=_(
            "I have read the privacy notice and agree that my details are used for this report"
        ),
        required=False,
        widget=forms.CheckboxInput(attrs={"data-no-draft": ""}),
    )
    website = forms.CharField(required=False)
    client_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.categories = known_categories()

    def category_names(self) -> list[str]:
        return sorted(_name(known) for known in self.categories)

    def clean_website(self) -> str:
        """A field that people do not see: what fills it in is a machine."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("This report could not be taken."), code="machine")
        return ""

    def clean_category(self) -> Category | None:
        typed = self.cleaned_data["category"].strip().lower()
        if not typed:
            return None
        for known in self.categories:
            if typed in {known.name.lower(), known.name_en.lower(), known.code}:
                return Category.objects.get(pk=known.id)
        raise forms.ValidationError(_("Choose one from the list, or leave it empty."))

    def clean_phone(self) -> str:
        phone = re.sub(r"[\s()-]", "", self.cleaned_data["phone"])
        if phone and not _TELEPHONE.fullmatch(phone):
            raise forms.ValidationError(_("Give the number with its area code, digits only."))
        return phone

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if (given.get("name") or given.get("phone")) and not given.get("agreed"):
            self.add_error(
                "agreed", _("Tick this, or leave name and telephone empty: both are voluntary.")
            )
        return given

    def matter(self) -> dict[str, Any]:
        """The keyword arguments of `cases.services.log`."""
        given = self.cleaned_data
        has_point = given["lon"] is not None and given["lat"] is not None
        return {
            "text": given["text"],
            "category": given["category"],
            "lon": given["lon"] if has_point else None,
            "lat": given["lat"] if has_point else None,
            "address": given["address"],
            "reporter_name": given["name"],
            "reporter_phone": given["phone"],
            "photos": given["photos"],
            "client_key": f"web:{given['client_key']}",
        }


def _name(known: Known) -> str:
    return in_language(known.name, known.name_en)


class FollowForm(forms.Form):
    """Number and query code, as on the receipt."""

    number = forms.CharField(
        label=_("Number"), max_length=24, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    code = forms.CharField(
        label=_("Query code"),
        help_text=_("Eight letters and digits. Capitals and blanks do not matter."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class PublishedFilter(forms.Form):
    """How the list of published cases is narrowed down; what is not understood is passed over."""

    STATES = {"": _("All"), "open": _("Still open"), "done": _("Done and checked")}

    state = forms.ChoiceField(choices=list(STATES.items()), required=False)
    days = forms.IntegerField(min_value=1, max_value=3650, required=False)
    q = forms.CharField(
        label=_("Words"), max_length=100, required=False, widget=forms.TextInput({"type": "search"})
    )
    month = forms.DateField(
        label=_("Month of the end"),
        required=False,
        input_formats=["%Y-%m"],
        widget=forms.DateInput({"type": "month"}, format="%Y-%m"),
    )
    community = forms.ModelChoiceField(
        Territory.objects.at_level(Level.COMMUNITY).order_by("code"),
        label=_("Community"),
        required=False,
        empty_label=_("All communities"),
    )
    category = forms.ModelChoiceField(
        Category.objects.small_classes().order_by("code"),
        label=_("Kind of matter"),
        required=False,
        empty_label=_("All kinds"),
    )


class VerifyForm(forms.Form):
    number = forms.CharField(label=_("Number of the case"), max_length=24)
