"""The Function URL of the deployed console. Anyone can call it, so that it asks for a login before anything is read."""

from handlers import cold_start

cold_start.begin()

from functools import lru_cache
from typing import Any

import msgspec
from aws_lambda_powertools.utilities.typing import LambdaContext
from mangum import Mangum

from autotag import bootstrap
from autotag.domain.errors import Invalid, Retryable
from autotag.service.operations.api import answer
from autotag.telemetry import in_one_line
from autotag_console.ask import Ask
from autotag_console.sign_in.deployed import create_deployed_app
from autotag_console.sign_in.document import read_document
from handlers.function_url import on_function_url, refused


@in_one_line
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request."""
    return respond(event, context, bootstrap.console())


def respond(event: dict[str, Any], context: Any, deps: bootstrap.ConsoleDependencies) -> dict[str, Any]:
    """Return the console's response to a Function URL event; 503 until it is set up, 421 under another name."""
    try:
        domain, app = _console(deps, deps.secret.text())
    except (Invalid, Retryable) as error:
        deps.operators.telemetry.warn("console_unavailable", fault=str(error))
        return refused(503, "The console is not set up: run autotag setup --console, or try again in a minute.")
    if event["requestContext"]["domainName"] != domain:
        return refused(421, "The console does not answer under this name.")
    return app(event, context)


@lru_cache(maxsize=1)
def _console(deps: bootstrap.ConsoleDependencies, text: str) -> tuple[str, Mangum]:
    """Return the domain and the application of the secret's ``text``; raises ``Invalid`` if it is malformed."""
    document, operators = read_document(text), deps.operators

    def ask_as(caller: str) -> Ask:
        return lambda request: answer(operators, msgspec.json.encode(request), caller)  # no field names the caller

    app = create_deployed_app(ask_as, deps.stack, document, deps.fetch, lambda: operators.clock.now() // 1000)
    return document.domain, on_function_url(app)


bootstrap.console()  # in the init phase, which Lambda runs at full speed
cold_start.end()
