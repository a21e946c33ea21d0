"""What tests of results carried out read with."""

from django.urls import reverse


def get(client, name, *arguments, **query):
    return client.get(reverse(f"consultation:{name}", args=arguments), query)


def text_of(answer):
    parts = answer.streaming_content if answer.streaming else [answer.content]
    return b"".join(parts).decode(errors="replace")
