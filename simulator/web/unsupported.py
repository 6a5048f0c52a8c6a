"""The calls of Cloudinary that are out of the simulator's scope: it answers them with 501 and says so.

Without this table, a route for an asset or a folder of that name would answer, and name a wrong thing.
Sources: the paths that pycloudinary's ``api.py`` and ``uploader.py`` call; Admin API and Upload API references.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from simulator.api.call import Call, Handler
from simulator.core.errors import ApiError
from simulator.environment import Environment
from simulator.web.endpoint import Endpoint

_LINK = ("GET", "POST")

UNSUPPORTED: list[tuple[tuple[str, ...], str, str]] = [
    (("GET",), "/resources/{resource_type}/moderations/{kind}/{status}", "list of assets by moderation"),
    (("POST",), "/resources/{resource_type}/{type}/restore", "restore"),
    (("POST",), "/resources/restore", "restore"),
    (("POST",), "/resources/{resource_type}/{type}/update_access_mode", "update_access_mode"),
    (("POST",), "/resources/{resource_type}/publish_resources", "publish_resources"),
    (("GET", "POST"), "/resources/visual_search", "visual_search"),
    (("POST", "DELETE"), "/resources/related_assets/{rest:path}", "related_assets"),
    (("DELETE",), "/resources/backup/{asset_id}", "backup"),
    (("GET",), "/download_backup", "backup"),
    (("DELETE",), "/derived_resources", "derived_resources"),
    (("GET", "POST", "PUT", "DELETE"), "/transformations", "transformations"),
    (("GET", "POST", "PUT", "DELETE"), "/transformations/{rest:path}", "transformations"),
    (("GET", "POST"), "/streaming_profiles", "streaming_profiles"),
    (("GET", "PUT", "DELETE"), "/streaming_profiles/{name}", "streaming_profiles"),
    (("GET", "POST", "PUT", "DELETE"), "/upload_mappings", "upload_mappings"),
    (("GET", "POST"), "/metadata_rules", "metadata_rules"),
    (("PUT", "DELETE"), "/metadata_rules/{external_id}", "metadata_rules"),
]
"""Methods, path and name of each call of the Admin API that is not answered."""

UPLOAD = ("create_slideshow", "download", "explode", "generate_archive", "multi", "sprite", "text")
"""Last part of the path of each call of the Upload API that is not answered. Links for downloads are a GET."""


def unsupported_routes(environment: Environment) -> list[BaseRoute]:
    """Return the routes of these calls. They authenticate callers as all others do."""
    cloud = "/v1_1/{cloud}"
    admin_calls: list[BaseRoute] = [
        Route(cloud + path, Endpoint(environment, _refuse(name), admin=True).answer, methods=methods)
        for methods, path, name in UNSUPPORTED
    ]
    # no {resource_type}, which is checked: archives also take "all"
    upload_calls: list[BaseRoute] = [
        Route(f"{cloud}/{{kind}}/{action}", Endpoint(environment, _refuse(action), action=action).answer, methods=_LINK)
        for action in UPLOAD
    ]
    analysis = Endpoint(environment, _refuse("analysis API"), admin=True).answer
    return [
        *admin_calls,
        *upload_calls,
        Route("/v2/{cloud}/analysis/analyze/{input}", analysis, methods=["POST"]),
        Route("/v1_1/provisioning/{rest:path}", _refuse_provisioning, methods=["GET", "POST", "PUT", "DELETE"]),
    ]


def _refuse(name: str) -> Handler:
    """Return a handler that says that the simulator has no ``name``."""

    def handler(environment: Environment, call: Call) -> dict[str, object]:
        raise ApiError(501, f"the local Cloudinary has no {name}")

    return handler


async def _refuse_provisioning(request: Request) -> Response:
    """Say so without authentication: the keys are those of an account, which holds clouds."""
    raise ApiError(501, "the local Cloudinary has no provisioning API")
