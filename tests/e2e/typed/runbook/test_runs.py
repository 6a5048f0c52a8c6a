"""Runs over a library and what the page says about rules, audits, exports, notifications and bodies."""

import json
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

from local.core.credentials import NOTIFICATION_SECRET
from local.core.waiting import until
from tests.e2e.stack_client import audits, ops, wait_for_audits
from tests.e2e.typed.runbook.reader import SOON, Reader
from tests.e2e.typed.runbook.test_alarms_and_work import UPLOAD

LOWER = "[labels.Musician]\nthreshold = 0.55\n"


def is_musician(reader: Reader, asset: str) -> bool:
    """Return whether the service manages the tag that the pushed rules add; with what is known if it has none."""
    shown = ops(reader.stack).show(asset)
    assert shown["tags"]["ours"], shown
    return "Musician" in shown["tags"]["ours"]


@contextmanager
def minutes_pass(reader: Reader) -> Iterator[None]:
    """Start the poller again and again, as the schedule does each minute."""
    function, ended = reader.besides("of PollerFunction").strip(), Event()

    def start() -> None:
        while not ended.wait(0.5):
            reader.client("lambda").invoke(FunctionName=function, Payload=b'{"source": "aws.events"}')

    with ThreadPoolExecutor(1) as pool:
        started = pool.submit(start)
        try:
            yield
        finally:
            ended.set()
        started.result()


def newest_run(reader: Reader) -> str:
    found = re.search(r"^(\S+) +", reader.type("autotag runs list").partition("\n")[2], re.MULTILINE)
    assert found
    return found[1]


def test_rules_are_saved_pushed_and_applied_by_a_run_which_a_revert_undoes(reader: Reader) -> None:
    reader.besides(f"{UPLOAD}on-stage --folder stage")
    wait_for_audits(reader.stack, "on-stage")
    reader.type("autotag rules active --text > rules.toml")
    file = reader.user.terminal.folder / "rules.toml"
    file.write_text(file.read_text("utf-8") + LOWER, "utf-8")
    assert "Musician" in reader.type("autotag rules diff active FILE --stored", {"FILE": "rules.toml"})
    reader.type("autotag rules push FILE", {"FILE": "rules.toml"})
    reader.type_until("autotag rules active", lambda printed: "in use" in printed)
    newest = reader.type("autotag rules versions").splitlines()[1].split()[0]
    reader.type("autotag rules versions SEQ", {"SEQ": newest})
    assert file.read_text("utf-8").endswith(LOWER)

    assert "Musician" in reader.type("autotag retag --dry-run")
    reader.type("autotag retag --folder")
    assert is_musician(reader, "on-stage") and not is_musician(reader, "waiting")
    reader.type("autotag revert --run ID", {"ID": newest_run(reader)})
    reader.type("autotag retag ASSET…", {"ASSET…": "on-stage"})
    reader.type("autotag revert ASSET…", {"ASSET…": "on-stage"}, more=f" --run {newest_run(reader)}")
    assert not is_musician(reader, "on-stage")


def test_a_paused_run_is_resumed_and_reads_again_before_it_decides(reader: Reader) -> None:
    reader.besides("autotag retag --folder 'stage/**' --detach --yes")
    reader.besides(f"autotag runs pause {newest_run(reader)}")
    reader.type("autotag runs resume ID", {"ID": newest_run(reader)})
    reader.type("autotag retag --refresh", asks=1)
    assert "done" in reader.type("autotag runs show", more=f" {newest_run(reader)}")
    assert all(is_musician(reader, name) for name in ("on-stage", "waiting", "doomed"))


def test_a_backfill_finds_and_decides_what_was_never_seen(reader: Reader) -> None:
    reader.besides(f"{UPLOAD}unseen --notification-url http://127.0.0.1:9/")
    assert audits(reader.stack, "unseen") == []
    with minutes_pass(reader):
        assert re.search(r"^new +1 *$", reader.type("autotag backfill --dry-run"), re.MULTILINE)
        reader.type("autotag backfill")
        assert is_musician(reader, "unseen")
        units = reader.type("autotag backfill --categorize --dry-run")
    assert re.search(r"^status +done", units, re.MULTILINE)


def test_what_is_known_is_shown_decided_again_and_exported(reader: Reader) -> None:
    assert "stage" in reader.type("autotag show", more=" on-stage")
    assert "Musician" in reader.type("autotag audits", more=" on-stage")
    newest = json.loads(reader.type("autotag audits --json", more=" on-stage"))[0]
    assert "identical" in reader.type("autotag replay AUDIT", {"AUDIT": newest["audit_id"]})
    reader.type("autotag export FILE", {"FILE": "all.jsonl"})
    exported = (reader.user.terminal.folder / "all.jsonl").read_text("utf-8")
    assert '"public_id":"on-stage"' in exported and '"public_id":"unseen"' in exported
    assert "Musician" in reader.type("autotag stats")
    assert re.match(r"\S*\d+\.\d+\.\d+", reader.type("autotag --version").split()[-1])


def test_people_are_asked_at_random_where_there_are_enough_pictures(reader: Reader) -> None:
    assert "too little to learn from" in reader.type("autotag review sample --dry-run")
    assert "too little to learn from" in reader.type("autotag review sample")
    reader.besides("autotag review sample --labels Guitar --per-label 1")
    assert "At random" in reader.type_until("autotag review summary", lambda printed: "At random" in printed)


def test_a_notification_is_checked_and_a_body_is_made_fit_to_share(reader: Reader) -> None:
    reader.besides(f"export AUTOTAG_SECRET={NOTIFICATION_SECRET}")
    forged = {"FILE": "events/webhook-forged-signature.json"}
    assert "too_old" in reader.type("autotag verify FILE", forged, code=1)
    folder = reader.user.terminal.folder
    shutil.copy(folder / "events/bodies/info-complete.json", folder / "body.json")
    assert "zoo/koala5" not in reader.type("autotag capture body.json")
    reader.type("autotag capture body.json > shared.json")
    compared = reader.type("diff --side-by-side", code=1)
    assert "zoo/koala5" in compared and "|" in compared


def test_nothing_is_left_to_do(reader: Reader) -> None:
    reader.type("autotag setup --stack NAME", {"NAME": "autotag"})
    until(lambda: "\nfail" not in reader.type("autotag doctor"), "doctor to find no fault", within=SOON, every=1)
