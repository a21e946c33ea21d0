"""Pages of proofs on paper: one for its owner, and a check for anyone who holds it."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class CodeForm(forms.Form):
    """The code below the picture, however it is typed."""

    code = forms.CharField(
        label=_("Code of the certificate"),
        max_length=40,
        help_text=_(
            "Sixteen letters and digits below the picture; blanks and dashes do not count."
        ),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        return "".join(code.replace("-", "").split()).upper()


@dataclass(frozen=True, slots=True)
class ProofPages:
    """Of one kind of proof; `app` has its addresses, and what stands on one as `_certificate.html`.

    `name` says what it is, `check` what a page does that asks for its code.
    """

    app: str
    name: Promise
    check: Promise

    def address(self, request: HttpRequest, found: Any) -> str:
        """Where anyone verifies it."""
        return request.build_absolute_uri(reverse(f"{self.app}:verify", args=[found.code]))

    def own(
        self, request: HttpRequest, found: Any, *, template: str = "proof.html", **more: Any
    ) -> HttpResponse:
        """With the reason of a revocation, for those whom it concerns."""
        more["address"] = self.address(request, found)
        return render(request, template, self._shown(found) | more)

    def ask(self, request: HttpRequest) -> HttpResponse:
        """Type the code where the picture cannot be read."""
        form = CodeForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            return redirect(f"{self.app}:verify", code=form.cleaned_data["code"][:20] or "0")
        status = 422 if form.errors else 200
        return render(request, "proof_ask.html", {"proof": self, "form": form}, status=status)

    def verify(self, request: HttpRequest, found: Any, **more: Any) -> HttpResponse:
        """What stands on it, and whether it holds; nothing else. 404 where there is none."""
        status = 404 if found is None else 200
        return render(request, "proof_verify.html", self._shown(found) | more, status=status)

    def _shown(self, found: Any) -> dict[str, Any]:
        return {
            "proof": self,
            "facts": f"{self.app}/_certificate.html",
            "certificate": found,
            "revocation": getattr(found, "revocation", None),
            "at": timezone.now(),
        }
