"""The control API for faults: the same calls for the faults of API calls and for those of notifications."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.control.json_bodies import answer, read
from simulator.core.errors import ApiError
from simulator.faults.fault_rules import FaultRule, FaultRules


def fault_routes[Subject, Fault](
    path: str, rules: FaultRules[Subject, Fault], rule_type: type[FaultRule[Subject, Fault]]
) -> list[Route]:
    """Return the routes that list, add and remove ``rules``: ``path`` for all, ``path/{number}`` for one."""

    async def all_rules(request: Request) -> Response:
        if request.method == "POST":
            return answer({"id": rules.add(await read(request, rule_type))}, 201)
        if request.method == "DELETE":
            rules.clear()
        return answer({"faults": rules.as_json()})

    async def one_rule(request: Request) -> Response:
        if not rules.remove(request.path_params["number"]):
            raise ApiError(404, "There is no such fault")
        return answer({"faults": rules.as_json()})

    return [
        Route(path, all_rules, methods=["GET", "POST", "DELETE"]),
        Route(f"{path}/{{number:int}}", one_rule, methods=["DELETE"]),
    ]
