"""`python -m tests.e2e.town`: a town with everybody whom a case meets, in the site's database.

Everybody signs in with their role as name and `PASSWORD`.
"""

import os

PASSWORD = "Right-horse-7"
CENTRE = {"longitude": 114.05, "latitude": 22.85}  # of the only grid
NAMES = {
    "worker": ("吴霞", "Wu Xia"),
    "handler": ("李伟", "Li Wei"),
    "head": ("王芳", "Wang Fang"),
    "verifier": ("黄敏", "Huang Min"),
    "acceptor": ("陈静", "Chen Jing"),
    "dispatcher": ("刘洋", "Liu Yang"),
    "duty_officer": ("赵磊", "Zhao Lei"),
    "committee": ("周强", "Zhou Qiang"),
}


def make():
    from organizations.models import DutyHours, User
    from routing.models import Category
    from routing.suggest import initials_of
    from tests.factories.cases import make_town

    town = make_town(free=100_000_000)
    for name, (chinese, english) in NAMES.items():
        person = getattr(town, name)
        person.username, person.full_name, person.full_name_en = name, chinese, english
        person.set_password(PASSWORD)
        person.save()
    town.posts.handler.capacity = 200
    town.posts.handler.save(update_fields=["capacity"])
    for weekday in range(7):
        DutyHours.objects.create(
            post=town.posts.handler, weekday=weekday, starts="00:00", ends="23:59"
        )
    for category in Category.objects.all():
        category.initials, category.keywords = initials_of(category.name), [category.name[:2]]
        category.save(update_fields=["initials", "keywords"])
    assert User.objects.filter(username="worker").exists()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    make()
