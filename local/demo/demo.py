"""``make demo``: a run of the deployed system on a stack of its own, whose results are shown and checked.

Everything shown is read from the simulated Cloudinary and from DynamoDB, by HTTP and by the ``autotag``
command.
"""

import time
from typing import Literal

from rich.console import Console

from local.clients.autotag_command import list_audits, push_rules, replay_difference
from local.clients.cloudinary import upload
from local.clients.functions import public_urls
from local.clients.simulator_control import is_polled, set_mode
from local.core.paths import PROJECT
from local.core.waiting import until
from local.demo.cases import ADD_ON, FORGED, Scenario
from local.demo.forgery import send_forged_notification
from local.demo.read_back import POLLED_WITHIN, read_back
from local.demo.rekognition import REKOGNITION, put_faults, show_calls, show_relations
from local.demo.report import show_asset, show_forgery, show_public_endpoints, show_replays, show_result
from local.stack.run_folders import new_run_folder
from local.stack.stack import Progress, temporary_stack

Provider = Literal["aws_rek_tagging", "rekognition"]
_SCENARIOS: dict[Provider, Scenario] = {"aws_rek_tagging": ADD_ON, "rekognition": REKOGNITION}


def run_demo(console: Console, progress: Progress, intake: str, provider: Provider) -> bool:
    """Run the demonstration; return True if everything is as expected. Raises ``LocalError`` if it cannot run.

    ``intake`` is how notifications come in: webhook, poll or both. ``provider`` is whose labels are used: those of
    Cloudinary's add-on, or those that the service asks Rekognition for.
    """
    started = time.monotonic()
    problems: list[str] = []
    scenario = _SCENARIOS[provider]
    parameters = {"Intake": intake, **scenario.parameters}
    with temporary_stack(
        new_run_folder("demo"), progress, parameters=parameters, keep_logs=lambda: bool(problems)
    ) as stack:
        urls = public_urls(stack)
        show_public_endpoints(console, urls)
        if len(urls) != (intake != "poll"):
            problems.append(f"{len(urls)} public endpoints with Intake={intake}")
        shown = scenario.rules.relative_to(PROJECT)
        progress(f"pushing the rules of {shown}, as a team pushes its own (autotag rules push)")
        push_rules(stack, scenario.rules)
        if intake == "poll":
            progress("waiting for the intake function, which the schedule starts once a minute")
            until(lambda: is_polled(stack), "a poll of the channel", within=POLLED_WITHIN)
        progress(f"uploading {len(scenario.cases)} assets to the simulated Cloudinary")
        if provider == "rekognition":
            put_faults(stack)
        for case in scenario.cases:
            set_mode(stack, case.public_id, case.mode, **case.options)
            upload(stack.simulator_url, case.public_id, categorization=scenario.categorization)
        forgery_status = send_forged_notification(stack)
        audit_ids: list[str] = []
        for case in scenario.cases:
            if case.triggers == {"poll"}:
                progress("waiting for the poller, which the schedule starts once a minute")
            result = read_back(stack, case)
            show_asset(console, result.case, result.tags, result.audits, result.problems)
            problems += [f"{case.public_id}: {problem}" for problem in result.problems]
            if provider == "rekognition":
                wrong = [text for audit in result.audits for text in show_relations(console, stack, audit["audit_id"])]
                problems += [f"{case.public_id}: {text}" for text in wrong]
            audit_ids += [audit["audit_id"] for audit in result.audits]
        forged_audits = len(list_audits(stack, FORGED))  # read last: an accepted forgery would be processed by now
        show_forgery(console, FORGED, forgery_status, forged_audits)
        if forgery_status not in (401, None) or forged_audits:
            problems.append(f"the forged notification: answered {forgery_status}, left {forged_audits} audits")
        if provider == "rekognition":
            problems += show_calls(console, stack)
        progress("deciding again from what every audit stored")
        differences = {audit_id: output for audit_id in audit_ids if (output := replay_difference(stack, audit_id))}
        show_replays(console, audit_ids, differences)
        problems += [f"the replay of {audit_id}: {output}" for audit_id, output in differences.items()]
        progress("stopping")
    show_result(console, problems, time.monotonic() - started)
    return not problems
