"""Public reads for maps. They tell outlines and names, nothing about people."""

import json

from django.http import HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import (
    api_view,
    authentication_classes,
    permission_classes,
    throttle_classes,
)
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle

from grids.api.serializers import (
    NamedSerializer,
    PlaceSerializer,
    PointSerializer,
    WantedSerializer,
)
from grids.locate import Place
from grids.locate import locate as locate_point
from grids.models import Territory
from grids.outlines import outlines_geojson, parts_geojson, version_of


class MapThrottle(AnonRateThrottle):
    """A person who moves a pin about asks this often; a copying machine asks more."""

    scope = "map"
    rate = "120/min"


@extend_schema(
    operation_id="locate",
    parameters=[PointSerializer],
    responses=PlaceSerializer,
    auth=[],
    description="The town, community and grid that a WGS-84 point lies in.",
)
@api_view(["GET"])
@authentication_classes([])
@permission_classes([AllowAny])
@throttle_classes([MapThrottle])
def locate(request: Request) -> Response:
    point = PointSerializer(data=request.query_params)
    point.is_valid(raise_exception=True)
    place = locate_point(point.validated_data["lon"], point.validated_data["lat"])
    return Response(_named(place or Place()))


def _named(place: Place) -> dict[str, dict[str, object] | None]:
    keys = {"town": place.town_id, "community": place.community_id, "grid": place.grid_id}
    known = Territory.objects.in_bulk([key for key in keys.values() if key is not None])
    return {
        level: NamedSerializer({"id": key, "code": known[key].code, "name": str(known[key])}).data
        if key in known
        else None
        for level, key in keys.items()
    }


@extend_schema(
    operation_id="outlines",
    parameters=[WantedSerializer],
    responses={(200, "application/geo+json"): OpenApiResponse(OpenApiTypes.OBJECT), 304: None},
    auth=[],
    description="Outlines as a GeoJSON FeatureCollection; send back the ETag to ask for changes.",
)
@api_view(["GET"])
@authentication_classes([])
@permission_classes([AllowAny])
@throttle_classes([MapThrottle])
def outlines(request: Request) -> HttpResponseBase:
    asked = WantedSerializer(data=request.query_params)
    asked.is_valid(raise_exception=True)
    version = version_of(asked.wanted())
    etag = f'"{version}"'
    answer: HttpResponse
    if request.headers.get("If-None-Match", "").removeprefix("W/") == etag:
        answer = HttpResponseNotModified()
    else:
        body = outlines_geojson(asked.wanted(), version=version)
        answer = HttpResponse(body, content_type="application/geo+json")
    answer.headers["ETag"] = etag
    # Ask again each time: a changed border must be seen, an unchanged one costs a 304.
    answer.headers["Cache-Control"] = "public, no-cache"
    patch_vary_headers(answer, ["Accept-Language", "Cookie"])
    return answer


@extend_schema(
    operation_id="exact_outlines",
    responses={(200, "application/geo+json"): OpenApiTypes.OBJECT, 404: None},
    auth=[],
    description="A territory's parts with every point of their borders, as GeoJSON (WGS-84).",
)
@api_view(["GET"])
@authentication_classes([])
@permission_classes([AllowAny])
@throttle_classes([MapThrottle])
def exact_outlines(_request: Request, code: str) -> HttpResponse:
    unit = get_object_or_404(Territory, code=code)
    parts = parts_geojson(unit, day=timezone.localdate())
    return HttpResponse(json.dumps(parts, ensure_ascii=False), content_type="application/geo+json")
