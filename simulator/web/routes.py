"""The routes of the simulated API: paths and their handlers."""

from starlette.convertors import StringConvertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from simulator.api import admin as admin_api
from simulator.api import channels as channels_api
from simulator.api import deletion as deletion_api
from simulator.api import folders as folders_api
from simulator.api import listing as listing_api
from simulator.api import metadata_fields as metadata_fields_api
from simulator.api import search as search_api
from simulator.api import stored_asset as stored_asset_api
from simulator.api import tags as tags_api
from simulator.api import triggers as triggers_api
from simulator.api import upload_presets as presets_api
from simulator.api.call import Handler
from simulator.api.upload import upload
from simulator.environment import Environment
from simulator.web.asset_files import AssetFiles
from simulator.web.endpoint import Endpoint
from simulator.web.rekognition import RekognitionEndpoint
from simulator.web.translate import PREFIX, TranslateEndpoint
from simulator.web.unsupported import unsupported_routes

_UPLOAD_API: dict[str, Handler] = {
    "upload": upload,
    "explicit": stored_asset_api.explicit,
    "rename": stored_asset_api.rename,
    "destroy": stored_asset_api.destroy,
    "tags": tags_api.tags,
    "context": tags_api.context,
    "metadata": tags_api.metadata,
}
_ADMIN_API: list[tuple[str, str, Handler]] = [
    ("GET", "/ping", admin_api.ping),
    ("GET", "/usage", admin_api.usage),
    ("GET", "/usage/{date}", admin_api.usage),
    ("GET", "/config", admin_api.config),
    ("GET", "/folders", folders_api.root_folders),
    ("GET", "/folders/search", folders_api.search),
    ("POST", "/folders/search", folders_api.search),
    ("GET", "/folders/{folder:path}", folders_api.subfolders),
    ("POST", "/folders/{folder:path}", folders_api.create_folder),
    ("PUT", "/folders/{folder:path}", folders_api.rename_folder),
    ("DELETE", "/folders/{folder:path}", folders_api.delete_folder),
    ("GET", "/tags/{resource_type}", listing_api.tags),
    ("GET", "/resources", listing_api.resource_types),
    ("GET", "/resources/search", search_api.search),
    ("POST", "/resources/search", search_api.search),
    ("GET", "/resources/by_asset_ids", listing_api.by_asset_ids),
    ("GET", "/resources/by_asset_folder", listing_api.by_asset_folder),
    ("GET", "/resources/{resource_type:kind}", listing_api.resources),
    ("GET", "/resources/{resource_type}/context", listing_api.by_context),
    ("GET", "/resources/{resource_type}/{type}", listing_api.resources),
    ("GET", "/resources/{resource_type}/tags/{tag:path}", listing_api.by_tag),
    ("DELETE", "/resources/{resource_type}/tags/{tag:path}", deletion_api.delete_by_tag),
    ("GET", "/resources/{resource_type}/{type}/{public_id:path}", admin_api.details),
    ("POST", "/resources/{resource_type}/{type}/{public_id:path}", admin_api.update),
    ("DELETE", "/resources/{resource_type}/{type}", deletion_api.delete),
    ("DELETE", "/resources", deletion_api.delete_by_asset_ids),
    ("GET", "/resources/{asset_id}", admin_api.details),
    ("PUT", "/resources/{asset_id}", admin_api.update),
    ("GET", "/metadata_fields", metadata_fields_api.listed),
    ("POST", "/metadata_fields", metadata_fields_api.create),
    ("PUT", "/metadata_fields/order", metadata_fields_api.reorder),
    ("GET", "/metadata_fields/{field}", metadata_fields_api.details),
    ("PUT", "/metadata_fields/{field}", metadata_fields_api.update),
    ("DELETE", "/metadata_fields/{field}", metadata_fields_api.delete),
    ("PUT", "/metadata_fields/{field}/datasource", metadata_fields_api.put_entries),
    ("DELETE", "/metadata_fields/{field}/datasource", metadata_fields_api.delete_entries),
    ("POST", "/metadata_fields/{field}/datasource_restore", metadata_fields_api.restore_entries),
    ("POST", "/metadata_fields/{field}/datasource/order", metadata_fields_api.reorder_entries),
    ("GET", "/triggers", triggers_api.listed),
    ("POST", "/triggers", triggers_api.create),
    ("PUT", "/triggers/{trigger_id}", triggers_api.update),
    ("DELETE", "/triggers/{trigger_id}", triggers_api.delete),
    ("POST", "/triggers/{trigger_id}/test", triggers_api.test),
    ("GET", "/upload_presets", presets_api.listed),
    ("POST", "/upload_presets", presets_api.create),
    ("GET", "/upload_presets/{name}", presets_api.details),
    ("PUT", "/upload_presets/{name}", presets_api.update),
    ("DELETE", "/upload_presets/{name}", presets_api.delete),
]
_NOTIFICATIONS_API: list[tuple[str, str, Handler]] = [
    ("GET", "/messages", channels_api.receive),
    ("POST", "/messages/ack", channels_api.acknowledge),
]


class _Kind(StringConvertor):
    """A resource type, in a place of the path that may also hold an asset_id."""

    regex = "image|video|raw"


register_url_convertor("kind", _Kind())


def api_routes(environment: Environment) -> list[BaseRoute]:
    """Return the routes of all APIs, of delivery, Rekognition and Translate, specific ones first.

    Calls that are out of scope come first, since the general routes match many of their paths.
    """
    prefix = "/v1_1/{cloud}"
    admin_calls: list[BaseRoute] = [
        Route(prefix + path, Endpoint(environment, handler, admin=True).answer, methods=[method])
        for method, path, handler in _ADMIN_API
    ]
    upload_calls: list[BaseRoute] = [
        Route(
            f"{prefix}/{{resource_type}}/{action}",
            Endpoint(environment, handler, action=action).answer,
            methods=["POST"],
        )
        for action, handler in _UPLOAD_API.items()
    ]
    notification_calls: list[BaseRoute] = [
        Route(
            f"/v2/notifications/{{cloud}}{path}",
            Endpoint(environment, handler, admin=True, unlimited=True).answer,
            methods=[method],
        )
        for method, path, handler in _NOTIFICATIONS_API
    ]
    delivery = Route("/{cloud}/{resource_type:kind}/{type}/{rest:path}", AssetFiles(environment).answer)
    rekognition, translate = RekognitionEndpoint(environment), TranslateEndpoint(environment)

    async def by_target(request: Request) -> Response:
        """Answer a call in the protocol JSON 1.1, whose header names the service."""
        is_translate = request.headers.get("x-amz-target", "").startswith(PREFIX)
        return await (translate.answer(request) if is_translate else rekognition.answer(request))

    aws_calls = Route("/", by_target, methods=["POST"])
    return [*unsupported_routes(environment), *admin_calls, *upload_calls, *notification_calls, delivery, aws_calls]
