"""On the deployed stack, tags follow an asset to its new folder, and a whole folder to its new path."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from autotag_cli.input.rules_file import SHIPPED
from local.clients.cloudinary import move_asset, rename_folder, upload
from local.clients.functions import invoke_function
from local.clients.simulator_control import tags_of
from local.clients.time_shift import make_due
from local.core.waiting import until
from local.stack.stack import Stack
from local.stress.process_kills import function_processes, kill
from tests.e2e.stack_client import SOON, audits, ops, simulator_control, wait_for_audits, wait_until_drained
from tests.e2e.test_vendor import run_documented_line

FOLDER = "e2e-following"
RULES = f"""{SHIPPED.read_text(encoding="utf-8")}
[[when]]
folder = "{FOLDER}/press/**"
add = ["press photo"]
[[when]]
folder = "{FOLDER}/inbox/**"
add = ["to sort"]
[[when]]
context = {{ license = "editorial" }}
add = ["editorial use"]
"""


@pytest.fixture(scope="module", autouse=True)
def rules(stack: Stack, folder: Path) -> Iterator[None]:
    """Rules that depend on folders and context; no other test uploads into these.

    A worker uses the rules that it read for a minute; one that starts reads those that were pushed.
    """
    ops(stack).push_rules(RULES, None)
    wait_until_drained(stack)
    for pid in function_processes(folder, "Worker"):
        kill(pid)
    yield
    ops(stack).push_rules(SHIPPED.read_text(encoding="utf-8"), None)


def upload_into(stack: Stack, name: str, folder: str) -> str:
    """Upload a picture into a folder and wait for its tags; return its asset_id."""
    asset = upload(stack.simulator_url, f"{FOLDER}/{name}/guitarist", asset_folder=f"{FOLDER}/{folder}")
    wait_for_audits(stack, asset["public_id"])
    return str(asset["asset_id"])


def tags(stack: Stack, name: str) -> set[str]:
    return set(tags_of(stack, f"{FOLDER}/{name}/")[f"{FOLDER}/{name}/guitarist"])


def test_a_moved_asset_gets_the_tags_of_its_new_folder_and_loses_those_of_the_old_one(stack: Stack) -> None:
    asset_id = upload_into(stack, "moved", "inbox/new")
    assert "to sort" in tags(stack, "moved")
    move_asset(stack.simulator_url, asset_id, f"{FOLDER}/press/2026")
    until(lambda: "press photo" in tags(stack, "moved"), "the tags of the new folder", within=SOON)

    assert "to sort" not in tags(stack, "moved")
    (audit, *_) = wait_for_audits(stack, asset_id, count=2)
    assert (audit["trigger"]["kind"], audit["tags"]["removed"]) == ("moved", ["to sort"])


def test_a_changed_context_is_decided_on(stack: Stack) -> None:
    asset_id = upload_into(stack, "context", "other")
    move_asset(stack.simulator_url, asset_id, f"{FOLDER}/other", context="license=editorial")
    until(lambda: "editorial use" in tags(stack, "context"), "the tag of the context", within=SOON)

    assert wait_for_audits(stack, asset_id, count=2)[0]["trigger"]["kind"] == "context"


def test_a_renamed_folder_has_the_assets_in_it_decided_on_by_a_run(stack: Stack) -> None:
    names = [f"folder{n}" for n in range(3)]
    ids = [upload_into(stack, name, "inbox/2025") for name in names]
    elsewhere = upload_into(stack, "elsewhere", "inbox")
    rename_folder(stack.simulator_url, f"{FOLDER}/inbox/2025", f"{FOLDER}/press/2025")

    def begun() -> str:
        runs = [run for run in ops(stack).runs() if run["action"] == "move"]
        return str(runs[0]["id"]) if runs else ""

    run_id = until(begun, "the run over the folder", within=SOON)

    def done() -> bool:
        make_due(stack, f"RUN#{run_id}")
        assert not invoke_function(stack, "Poller", {"source": "aws.events"}).error
        return bool(ops(stack).show_run(run_id)["status"] == "done")

    until(done, "the run to end", within=2 * SOON, every=0.5)
    for name, asset_id in zip(names, ids, strict=True):
        assert {"press photo"} <= tags(stack, name) and "to sort" not in tags(stack, name)
        assert audits(stack, asset_id)[0]["trigger"] | {"digest": ""} == {
            "kind": "moved",
            "notification_type": "",
            "digest": "",
            "request_id": run_id,
        }
    assert "to sort" in tags(stack, "elsewhere") and len(audits(stack, elsewhere)) == 1


def test_where_the_move_was_never_heard_of_a_retag_with_refresh_reads_the_new_folder(stack: Stack) -> None:
    asset_id = upload_into(stack, "unheard", "inbox")
    public_id = f"{FOLDER}/unheard/guitarist"
    lost = {"match": {"public_id": public_id}, "fault": {"lost": True}}
    number = simulator_control(stack, "POST", "delivery_faults", json=lost)["id"]
    move_asset(stack.simulator_url, asset_id, f"{FOLDER}/press/2026")
    simulator_control(stack, "DELETE", f"delivery_faults/{number}")

    run_documented_line(stack, f"autotag retag {public_id} --yes")
    assert "to sort" in tags(stack, "unheard") and len(audits(stack, asset_id)) == 1
    run_documented_line(stack, f"autotag retag {public_id} --refresh --yes")
    assert "press photo" in tags(stack, "unheard") and "to sort" not in tags(stack, "unheard")
    (audit, _) = wait_for_audits(stack, asset_id, count=2)
    assert (audit["trigger"]["kind"], audit["tags"]["removed"]) == ("retag", ["to sort"])
