"""Topics and courses as the system administrator writes them."""

from django import forms

from volunteers.models import Course, Topic


class TopicForm(forms.ModelForm):
    class Meta:
        model = Topic
        fields = ["code", "name", "name_en"]


class CourseForm(forms.ModelForm):
    class Meta:
        model = Course
        fields = ["code", "name", "name_en", "months"]
