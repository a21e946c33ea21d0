"""How this API says no, for its document."""

from drf_spectacular.utils import OpenApiResponse

REFUSALS = {
    403: OpenApiResponse(description="Somebody else's step."),
    404: OpenApiResponse(description="Not there, or not yours to see."),
    409: OpenApiResponse(description="A rule refuses: `code` and `detail` say which and why."),
}
