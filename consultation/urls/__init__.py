"""Addresses of consultation: the workbench below /consultation/, the public below /consultations/.

Each module holds the addresses of one subject, from the root of the site on.
"""

from consultation.urls import carrying, forms, matters, opinions, papers, sessions

app_name = "consultation"
urlpatterns = [
    *forms.urlpatterns,
    *papers.urlpatterns,
    *carrying.urlpatterns,
    *opinions.urlpatterns,
    *sessions.urlpatterns,
    *matters.urlpatterns,
]
