"""``autotag replay``: identical, or what is different."""

import json

import pytest
from msgspec.structs import replace

from autotag.domain.model.audit import Audit
from autotag.domain.rules.versions import StoredVersion
from autotag_cli.input.rules_file import SHIPPED, load_rules
from tests.unit.autotag_cli.fake_ops import FakeOps
from tests.unit.autotag_cli.run_command import EVENTS, autotag, fake_environment

GUITARIST = json.loads((EVENTS / "responses" / "upload-guitarist.json").read_bytes())
PROD = ("--stack", "prod")


@pytest.fixture
def ops() -> FakeOps:
    ops = FakeOps()
    ops.rule_store.versions.remember_rules(load_rules(None).version, StoredVersion(SHIPPED.read_text()))
    return ops


@pytest.fixture
def audit(ops: FakeOps) -> Audit:
    return ops.decided(GUITARIST)


def test_a_decision_that_stands_is_identical(ops: FakeOps, audit: Audit) -> None:
    result = autotag("replay", audit.audit_id, *PROD, obj=fake_environment(ops))
    rules = f"rules {audit.rules.name} {audit.rules.version[:12]}"
    assert (result.exit_code, result.stdout) == (0, f"identical: {audit.audit_id}, {rules}\n")


def test_differences_are_shown_a_line_each(ops: FakeOps, audit: Audit) -> None:
    ops.audits[0] = replace(audit, outcome="unchanged", tags=replace(audit.tags, removed=("\x1b[31m",)))
    result = autotag("replay", audit.audit_id, *PROD, obj=fake_environment(ops))
    assert result.exit_code == 1
    assert result.stdout.splitlines()[1:] == [
        "  outcome: recorded unchanged, now tagged",
        "  tags removed: recorded \\x1b[31m, now none",
    ]


def test_json_says_the_same(ops: FakeOps, audit: Audit) -> None:
    printed = json.loads(autotag("replay", audit.audit_id, "--json", *PROD, obj=fake_environment(ops)).stdout)
    assert printed == {
        "audit_id": audit.audit_id,
        "identical": True,
        "decided": True,
        "differences": [],
        "rules": {"name": audit.rules.name, "version": audit.rules.version},
    }
    ops.audits[0] = replace(audit, outcome="unchanged")
    result = autotag("replay", audit.audit_id, "--json", *PROD, obj=fake_environment(ops))
    assert result.exit_code == 1 and json.loads(result.stdout)["identical"] is False


def test_where_there_was_nothing_to_decide_it_says_so(ops: FakeOps, audit: Audit) -> None:
    ops.audits[0] = replace(audit, outcome="gone", labels=())
    result = autotag("replay", audit.audit_id, *PROD, obj=fake_environment(ops))
    assert (result.exit_code, result.stdout) == (0, f"identical: {audit.audit_id}, there was nothing to decide\n")


def test_an_unknown_audit_and_lost_rules_are_a_failure(ops: FakeOps, audit: Audit) -> None:
    result = autotag("replay", "guitarist.1.abc", *PROD, obj=fake_environment(ops))
    assert result.exit_code == 1 and "there is no audit 'guitarist.1.abc'" in result.stderr
    ops.rule_store.versions.texts.clear()
    result = autotag("replay", audit.audit_id, *PROD, obj=fake_environment(ops))
    assert result.exit_code == 1 and "this version is not stored" in result.stderr
