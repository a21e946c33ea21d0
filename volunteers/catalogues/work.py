"""Topics of activities and courses in the browser."""

from django.utils.translation import gettext_lazy as _

from lib.roles import ADMINISTRATORS
from organizations.catalogues import Catalogue
from volunteers.forms.work_reference import CourseForm, TopicForm
from volunteers.models import Course, Topic
from volunteers.models.people import ORGANIZERS

GROUP = _("Volunteers")
TOPICS = Catalogue(
    key="volunteer-topics",
    label=_("Topics of activities"),
    about=_("What activities are about: people filter the public list by it."),
    icon="tag",
    group=GROUP,
    place=91,
    model=Topic,
    form=TopicForm,
    rows=lambda _user, _day: Topic.objects.all(),
    columns=("code", "name", "name_en"),
    search=("code", "name", "name_en"),
    order=("code", "pk"),
    readers=ORGANIZERS | ADMINISTRATORS,
)
COURSES = Catalogue(
    key="volunteer-courses",
    label=_("Courses of volunteers"),
    about=_("What some activities ask for, and how long it is valid."),
    icon="school",
    group=GROUP,
    place=92,
    model=Course,
    form=CourseForm,
    rows=lambda _user, _day: Course.objects.all(),
    columns=("code", "name", "months"),
    search=("code", "name", "name_en"),
    order=("code", "pk"),
    readers=ORGANIZERS | ADMINISTRATORS,
)
CATALOGUES = (TOPICS, COURSES)
