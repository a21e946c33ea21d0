"""What tests of the pages do again and again."""

from django.contrib.messages import get_messages
from django.urls import reverse


def url(name, *arguments):
    return reverse(f"emergency:{name}", args=arguments)


def seen(client, person, page, /, *arguments, **query):
    if person is None:
        client.logout()
    else:
        client.force_login(person)
    return client.get(url(page, *arguments), query)


def sent(client, person, page, /, *arguments, **data):
    client.force_login(person)
    return client.post(url(page, *arguments), {"sent": "yes", **data})


def words(answer):
    return answer.content.decode()


def said(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]
