"""What the addresses of this API share: keys, and the shapes of moves that say little."""

from rest_framework import serializers
from rest_framework.request import Request

from organizations import api_acting

KEY_HEADER = api_acting.key_header("Sending the same again with the same key does it once.")


def key_of(request: Request) -> str | None:
    """Raises ValidationError where it is too long."""
    return api_acting.key_of(request, longest=80) or None


class NothingSerializer(serializers.Serializer):
    """A move that needs no words."""


class CommitteeReasonSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300)
