"""``make official`` fails for each test that is not as the lists say, and prints which and why."""

from pathlib import Path

import pytest

from tests.official.lists import InvalidList, Lists, Run, read_lists
from tests.official.run import report

PING, UPLOAD, OLD = "sdk test.test_api.ApiTest::ping", "cli test.test_up.Up::upload", "sdk test.test_old.Old::gone"
LISTS = Lists(frozenset({PING, UPLOAD}), {OLD: "Streaming profiles"})


def run_of(*names: str) -> Run:
    """Return a run in which the tests with these names passed, and everything that is left out was collected."""
    run = Run({*names, OLD})
    for name in names:
        run.note(name, "passed", "")
    return run


def printed(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def test_a_run_as_listed_passes_and_names_every_test(capsys: pytest.CaptureFixture[str]) -> None:
    assert report(LISTS, [run_of(PING), run_of(UPLOAD)]) == 0
    assert printed(capsys) == [
        "left out: 1",
        "  Streaming profiles: 1",
        "    sdk test.test_old.Old (1): gone",
        "passed: 2",
        "  cli test.test_up.Up (1): upload",
        "  sdk test.test_api.ApiTest (1): ping",
        "official: 2 passed, 0 failed",
    ]


def test_a_listed_test_that_fails_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    run = run_of(PING, UPLOAD)
    run.note(PING, "failed", "test/test_api.py:7: AssertionError: 404 != 200")
    assert report(LISTS, [run]) == 1
    assert printed(capsys)[-3:] == [
        f"failed: {PING}: test/test_api.py:7: AssertionError: 404 != 200",
        "failed: 1",
        "official: 1 passed, 1 failed",
    ]


def test_a_test_whose_setup_failed_does_not_pass_by_its_teardown() -> None:
    run = run_of(UPLOAD)
    run.collected.add(PING)
    run.note(PING, "failed", "no connection")
    run.note(PING, "passed", "")
    assert report(LISTS, [run]) == 1


def test_a_listed_test_that_is_skipped_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    run = run_of(UPLOAD)
    run.collected.add(PING)
    run.note(PING, "skipped", "Skipped: requires api_key/api_secret")
    assert report(LISTS, [run]) == 1
    assert f"skipped: {PING}: Skipped: requires api_key/api_secret" in printed(capsys)


def test_a_listed_test_that_is_missing_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert report(LISTS, [run_of(UPLOAD)]) == 1
    assert f"missing: {PING}: tests.txt names it, but it was not collected" in printed(capsys)


def test_a_listed_test_that_did_not_run_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    run = run_of(UPLOAD)
    run.collected.add(PING)
    assert report(LISTS, [run]) == 1
    assert f"missing: {PING}: it was collected, but did not run" in printed(capsys)


def test_a_test_in_neither_list_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    new = "sdk test.test_api.ApiTest::new"
    run = run_of(PING, UPLOAD)
    run.collected.add(new)
    assert report(LISTS, [run]) == 1
    line = f"in neither list: {new}: name it in tests.txt, or with a reason in out_of_scope.toml"
    assert printed(capsys)[-3:] == [line, "in neither list: 1", "official: 2 passed, 1 failed"]


def test_a_test_left_out_that_is_gone_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    run = run_of(PING, UPLOAD)
    run.collected.discard(OLD)
    assert report(LISTS, [run]) == 1
    assert f"gone: {OLD}: out_of_scope.toml names it, but it was not collected" in printed(capsys)


def test_a_module_that_cannot_be_imported_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    run = run_of(PING, UPLOAD)
    run.uncollected["sdk test/test_new.py"] = "ImportError: cannot import name 'UTC'"
    assert report(LISTS, [run]) == 1
    assert "not collected: sdk test/test_new.py: ImportError: cannot import name 'UTC'" in printed(capsys)


def test_a_test_in_both_lists_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tests.txt").write_text(f"# all\n{PING}\n{UPLOAD}\n")
    (tmp_path / "out_of_scope.toml").write_text(f'[[left_out]]\nreason = "none"\ntests = ["{PING}"]\n')
    with pytest.raises(InvalidList, match=r"ApiTest::ping must stand in one list, once"):
        read_lists(tmp_path)


def test_a_test_left_out_without_a_reason_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tests.txt").write_text(f"{PING}\n")
    (tmp_path / "out_of_scope.toml").write_text(f'[[left_out]]\ntests = ["{OLD}"]\n')
    with pytest.raises(InvalidList, match="expected tables"):
        read_lists(tmp_path)
