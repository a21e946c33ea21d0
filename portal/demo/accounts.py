"""Who may sign in to the demo, and with which password: printed at every start."""

from dataclasses import dataclass

from organizations.models import Post, User

PASSWORD = "Gongzhi-2026"  # noqa: S105 -- of invented people only, never in production
# In the order of a case's way; made by `portal.demo.people`.
ACCOUNTS = (
    *("gridworker", "clerk", "window", "dispatcher", "duty", "handler", "head", "verifier"),
    *("community", "worker", "secretary", "committee", "maker", "checker", "payer"),
    *("supervisor", "assessor", "sysadmin", "security", "auditor"),
    *("organizer", "host", "area", "areahead"),
)


@dataclass(frozen=True, slots=True)
class Account:
    username: str
    name: str
    post: str


def accounts() -> list[Account]:
    """The demo's accounts that still have a password, in the order of a case's way."""
    posts = Post.objects.filter(person__username__in=ACCOUNTS).with_names().order_by("pk")
    found = {
        post.person.username: Account(
            post.person.username, str(post.person), f"{post.body} · {post.title}"
        )
        for post in posts
        if post.person.is_active and post.person.has_usable_password()
    }
    return [found[name] for name in ACCOUNTS if name in found]


def let_in(password: str) -> None:
    """One encoded password for all of them; everybody else in the demo cannot sign in."""
    User.objects.filter(username__in=ACCOUNTS).update(password=password)
