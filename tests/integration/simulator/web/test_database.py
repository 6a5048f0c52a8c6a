"""What a database file keeps over the end of the process, even a sudden one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from simulator.core.database import Database
from tests.integration.simulator.simulator_client import Simulator, eventually, stop
from tests.integration.simulator.web.test_process import run


def upload(simulator: Simulator, public_id: str, **more: str) -> None:
    answer = simulator.api("POST", "/image/upload", data={"file": "data:,x", "public_id": public_id, **more})
    assert answer.ok, answer.text


def public_ids(simulator: Simulator) -> list[str]:
    return [asset["public_id"] for asset in simulator.control("GET", "/assets")["assets"]]


def test_what_was_stored_is_there_after_the_process_was_killed(start: Callable[..., Simulator], tmp_path: Path) -> None:
    file = str(tmp_path / "cloud.sqlite")
    first = start("--database", file)
    upload(first, "a", tags="press", categorization="aws_rek_tagging", context="k=v")
    upload(first, "b")
    upload(first, "gone")
    first.api("POST", "/image/destroy", data={"public_id": "gone"})
    first.api("POST", "/image/rename", data={"from_public_id": "b", "to_public_id": "c"})
    first.api("POST", "/folders/made/before")
    before = first.api("GET", "/resources/image/upload/a").text
    used = first.control("GET", "/admin_budget")["used"]
    first.process.kill()
    first.process.wait()

    second = start("--database", file)
    assert public_ids(second) == ["a", "c"]
    assert second.control("GET", "/admin_budget")["used"] == used > 0
    assert second.control("GET", "/addons")["used"]["aws_rek_tagging"] == 1
    assert second.api("GET", "/resources/image/upload/a").text == before.replace(first.url, second.url)
    assert [folder["path"] for folder in second.api("GET", "/folders").json()["folders"]] == ["made"]


def test_a_pending_categorization_ends_after_a_restart(start: Callable[..., Simulator], tmp_path: Path) -> None:
    file = str(tmp_path / "cloud.sqlite")
    first = start("--database", file)
    first.mode("later", "poll", seconds=0.5)
    upload(first, "later", categorization="aws_rek_tagging", auto_tagging="0.5")
    stop(first)

    second = start("--database", file)

    def complete() -> bool:
        [asset] = second.control("GET", "/assets")["assets"]
        return bool(asset["info"]["categorization"]["aws_rek_tagging"]["status"] == "complete" and asset["tags"])

    eventually(complete)


def test_a_reset_empties_the_file(start: Callable[..., Simulator], tmp_path: Path) -> None:
    file = str(tmp_path / "cloud.sqlite")
    first = start("--database", file)
    upload(first, "a")
    first.control("POST", "/reset")
    upload(first, "b")
    stop(first)
    assert public_ids(start("--database", file)) == ["b"]


def test_one_file_belongs_to_one_process(start: Callable[..., Simulator], tmp_path: Path) -> None:
    file = str(tmp_path / "cloud.sqlite")
    start("--database", file)
    ended = run("--port", "0", "--key", "1:s", "--database", file)
    assert ended.returncode == 1
    assert ended.stderr == f"python -m simulator: cannot use the database {file}: database is locked\n"


def test_a_file_that_is_no_database_is_told_in_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("not a database, but long enough to be looked at as one " * 20)
    ended = run("--port", "0", "--key", "1:s", "--database", str(file))
    assert ended.returncode == 1
    assert ended.stderr == f"python -m simulator: cannot use the database {file}: file is not a database\n"


def test_documents_come_in_the_order_in_which_they_were_first_saved(tmp_path: Path) -> None:
    database = Database(tmp_path / "d.sqlite")
    for key in ("b", "a", "c"):
        database.save("t", key, {"key": key})
    database.save("other", "b", 1)
    database.save("t", "b", {"key": "changed"})
    database.remove("t", "a")
    assert database.load("t", dict) == {"b": {"key": "changed"}, "c": {"key": "c"}}
    database.clear()
    assert database.load("t", dict) == {}
    database.close()


def test_many_documents_are_saved_all_or_none(tmp_path: Path) -> None:
    database = Database(tmp_path / "d.sqlite")
    with pytest.raises(TypeError):
        database.save_all("t", [("a", 1), ("b", object())])
    assert database.load("t", int) == {}
    database.save_all("t", [("a", 1), ("b", 2)])
    assert database.load("t", int) == {"a": 1, "b": 2}
    database.close()


def test_without_a_file_nothing_is_kept() -> None:
    database = Database()
    database.save("t", "a", 1)
    assert database.load("t", int) == {}
