"""Forms of depots and supplies, and of checks of households."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from emergency.forms.orders import CHOOSE
from emergency.models import Depot, Item, Measure, Order
from emergency.models.reference import Ask
from emergency.models.supplies import stores_near
from emergency.scopes import parts_of
from emergency.services.supplying import Lot
from emergency.workflow import OrderState
from grids.models import Level, Territory
from organizations.acting import new_key
from organizations.models import User


class DepotForm(forms.Form):
    territory: "forms.ModelChoiceField[Territory]" = forms.ModelChoiceField(
        Territory.objects.none(), label=_("Territory"), empty_label=CHOOSE
    )
    name = forms.CharField(label=_("Name"), max_length=60)
    address = forms.CharField(label=_("Address"), max_length=120)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, territories: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["territory"].queryset = territories  # type: ignore[attr-defined]  # a choice of rows


class LotForm(forms.Form):
    """So much of an item. The key is made when the form is opened: sent twice it moves once."""

    key = forms.CharField(max_length=80, widget=forms.HiddenInput)
    item = forms.ModelChoiceField(Item.objects.none(), label=_("Item"), empty_label=CHOOSE)
    amount = forms.IntegerField(label=_("How many"), min_value=1, max_value=10_000_000)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, on: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = new_key
        self.fields["item"].queryset = Item.objects.valid_on(on).order_by("code")  # type: ignore[attr-defined]  # a choice of rows

    @property
    def lot(self) -> Lot:
        given = self.cleaned_data
        return Lot(given["item"], given["amount"], given["key"], given["note"])


class FieldLotForm(LotForm):
    """The same, from or to the field of an order."""

    order = forms.ModelChoiceField(
        Order.objects.none(), label=pgettext_lazy("of emergencies", "Order"), empty_label=None
    )

    def __init__(self, *args: Any, orders: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["order"].queryset = orders  # type: ignore[attr-defined]  # a choice of rows


class TransferForm(LotForm):
    to: "forms.ModelChoiceField[Depot]" = forms.ModelChoiceField(
        Depot.objects.none(), label=_("To the depot"), empty_label=None
    )

    def __init__(self, *args: Any, user: User, depot: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = stores_near(user, on=kwargs["on"]).exclude(pk=depot)
        self.fields["to"].queryset = rows.order_by("pk")  # type: ignore[attr-defined]  # a choice of rows


def orders_with_a_field(user: User, *, on: datetime.date) -> Any:
    """Orders whose supplies are not yet reviewed, of the places where `user` works."""
    states = [OrderState.IN_FORCE, OrderState.STOOD_DOWN]
    return Order.objects.worked_by(user, on=on).filter(state__in=states).order_by("-pk")


COUNTS = (Ask.PEOPLE, Ask.OLD, Ask.CHILDREN)


class CheckForm(forms.Form):
    """A household; only the questions that the measure names are asked."""

    territory: "forms.ModelChoiceField[Territory]" = forms.ModelChoiceField(
        Territory.objects.none(), label=_("Grid"), empty_label=CHOOSE
    )
    address = forms.CharField(label=_("Address"), max_length=120)
    needs_more = forms.BooleanField(label=_("Somebody has to come again"), required=False)

    def __init__(self, *args: Any, order: Order, measure: Measure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inside = Territory.objects.filter(pk__in=parts_of(order.territory), level=Level.GRID)
        self.fields["territory"].queryset = inside.order_by("code")  # type: ignore[attr-defined]  # a choice of rows
        self._asks = [Ask(name) for name in measure.asks if name in Ask.values]
        for ask in self._asks:
            self.fields[ask.value] = _question(ask)

    @property
    def answers(self) -> dict[str, Any]:
        return {ask.value: self.cleaned_data.get(ask.value) for ask in self._asks}


def _question(ask: Ask) -> forms.Field:
    if ask in COUNTS:
        return forms.IntegerField(label=ask.label, required=False, min_value=0, max_value=999)
    if ask == Ask.NEEDS_HELP:
        return forms.BooleanField(label=ask.label, required=False)
    return forms.CharField(label=ask.label, required=False, max_length=80)
