"""``autotag export --to-s3`` and ``--from-s3``: the stack writes the files, the command waits for them, and fetches."""

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from autotag_cli.export.columns import assets_in_columns
from autotag_cli.export.partitions import UNFINISHED
from tests.unit.autotag_cli.export.exporting_stack import FILES, PLACE, ExportingStack
from tests.unit.autotag_cli.fake_ops import FakeOps
from tests.unit.autotag_cli.made_up_history import scanned
from tests.unit.autotag_cli.run_command import autotag, fake_environment


@pytest.fixture
def stack(ops: FakeOps) -> ExportingStack:
    return ExportingStack(ops)


def export(stack: ExportingStack, *options: str | Path) -> tuple[int, str, str]:
    result = autotag("export", *options, "--stack", "prod", obj=stack.environment())
    return result.exit_code, result.stdout, result.stderr


def test_the_stack_is_told_to_export_and_the_command_waits_until_it_has(stack: ExportingStack) -> None:
    code, out, err = export(stack, "--to-s3", "--segments", "3")

    assert (code, out) == (0, f"{PLACE}: 1,000 assets of prod in 3 files\n")
    assert err == "Working on the stack prod in eu-west-1.\n"
    assert stack.ops.received[0][2] == {
        "op": "export_start", "at": "2026-11-29T08:00:00Z", "segments": 3, "assets": 100_000,
    }  # fmt: skip
    assert {key.removeprefix(FILES) for key in stack.s3.objects if key.endswith(".parquet")} == {
        f"part=00{number}/00000.parquet" for number in range(3)
    }


def test_files_hold_at_most_as_many_assets_as_are_asked_for(stack: ExportingStack) -> None:
    assert export(stack, "--to-s3", "--segments", "2", "--file-assets", "200")[1].endswith("in 6 files\n")


def test_without_waiting_it_says_where_the_export_will_be(stack: ExportingStack) -> None:
    assert export(stack, "--to-s3", "--no-wait")[:2] == (0, f"{PLACE}: begun\n")
    assert len(stack.queued) == 16 and not stack.s3.objects


def test_its_files_are_fetched_and_hold_every_asset_once(stack: ExportingStack, tmp_path: Path) -> None:
    export(stack, "--to-s3", "--no-wait", "--segments", "3")
    folder = tmp_path / "all"

    code, out, err = export(stack, "--from-s3", PLACE, folder)

    assert (code, out, err) == (0, f"{folder}: 1,000 assets of prod in 3 files\n", "")
    read = [each for file in sorted(folder.glob("part=*/*")) for each in assets_in_columns(str(file))]
    assert {each.asset.asset_id: each for each in read} == {k: scanned(v) for k, v in stack.ops.states.items()}
    assert len(read) == 1000
    assert sorted(each.name for each in folder.iterdir()) == ["_manifest.json", "part=000", "part=001", "part=002"]


def test_rules_diff_and_suggest_read_the_folder_as_they_read_a_file(stack: ExportingStack, tmp_path: Path) -> None:
    folder, file = tmp_path / "all", tmp_path / "all.parquet"
    for name, state in list(stack.ops.states.items())[:500]:
        stack.ops.states[name] = replace(state, people={})  # else every label is answered, and no rule changes a tag
    export(stack, "--to-s3", "--segments", "3")
    export(stack, "--from-s3", PLACE, folder)
    assert autotag("export", file, "--stack", "prod", obj=fake_environment(stack.ops)).exit_code == 0
    for name, threshold in (("old", 0.7), ("new", 0.6)):
        (tmp_path / f"{name}.toml").write_text(f"[defaults]\nthreshold = {threshold}\nmax_tags = 10\n")
    old, new = tmp_path / "old.toml", tmp_path / "new.toml"

    for arguments in (("diff", old, new, "--json", "--examples", "7"), ("suggest", old)):
        of_folder, of_file = (autotag("rules", *arguments, each) for each in (folder, file))
        assert of_folder.exit_code == of_file.exit_code == 0
        assert of_folder.stdout.replace(str(folder), str(file)) == of_file.stdout
    diff = json.loads(autotag("rules", "diff", old, new, folder, "--json").stdout)
    assert diff["assets"] == 1000 and diff["changed"] > 50


def test_what_was_fetched_before_is_not_fetched_again(stack: ExportingStack, tmp_path: Path) -> None:
    export(stack, "--to-s3", "--segments", "3")
    folder = tmp_path / "all"
    export(stack, "--from-s3", PLACE, folder)
    (folder / "_manifest.json").rename(folder / UNFINISHED)  # as an interrupted one left it
    (folder / "part=001" / "00000.parquet").write_bytes(b"cut")
    stack.s3.fetched.clear()

    refused = autotag("rules", "diff", tmp_path / "a", tmp_path / "b", folder)
    assert export(stack, "--from-s3", PLACE, folder)[0] == 0

    assert refused.exit_code == 2
    assert stack.s3.fetched == [f"{FILES}part=001/00000.parquet"]
    assert len(list(assets_in_columns(str(folder / "part=001" / "00000.parquet")))) == 333


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda folder: (folder / "_manifest.json").unlink(), "is an export without _manifest.json"),
        (lambda folder: (folder / "part=001" / "00000.parquet").unlink(), "is missing or cut short"),
        (lambda folder: (folder / "part=001" / "00000.parquet").write_bytes(b"x"), "is missing or cut short"),
        (lambda folder: (folder / "_manifest.json").write_text("{}"), "is not the manifest of an export"),
    ],
)
def test_a_folder_that_holds_a_part_of_an_export_is_refused(
    change: object, sentence: str, stack: ExportingStack, tmp_path: Path
) -> None:
    export(stack, "--to-s3", "--segments", "2")
    folder, rules = tmp_path / "all", tmp_path / "rules.toml"
    export(stack, "--from-s3", PLACE, folder)
    rules.write_text("[defaults]\nthreshold = 0.7\n")
    change(folder)  # type: ignore[operator]

    result = autotag("rules", "diff", rules, rules, folder)

    assert result.exit_code == 2 and sentence in result.stderr


def test_an_export_that_is_not_complete_says_how_far_it_is(stack: ExportingStack, tmp_path: Path) -> None:
    export(stack, "--to-s3", "--no-wait", "--segments", "2")
    stack.sleep(1)
    code, out, err = export(stack, "--from-s3", PLACE, tmp_path / "all", "--no-wait")
    assert (code, out) == (1, "")
    assert f"{PLACE} is not complete: 1 files of " in err and "1 segments are complete" in err
    assert not (tmp_path / "all").exists()


def test_a_file_that_cannot_be_written_ends_the_waiting(stack: ExportingStack) -> None:
    stack.stopped = True
    code, out, err = export(stack, "--to-s3")
    assert (code, out) == (1, "") and "could not be written" in err and "autotag doctor" in err


def test_a_folder_with_something_else_is_left_alone(stack: ExportingStack, tmp_path: Path) -> None:
    export(stack, "--to-s3", "--segments", "1")
    (tmp_path / "notes.txt").write_text("mine")
    code, _, err = export(stack, "--from-s3", PLACE, tmp_path)
    assert code == 2 and "holds something else than this export" in err
    assert [each.name for each in tmp_path.iterdir()] == ["notes.txt"]


def test_a_folder_with_another_export_is_left_alone(stack: ExportingStack, tmp_path: Path) -> None:
    export(stack, "--to-s3", "--segments", "1")
    export(stack, "--from-s3", PLACE, tmp_path / "all")
    manifest = tmp_path / "all" / "_manifest.json"
    manifest.write_text(manifest.read_text().replace("2026-11-29", "2026-11-28"))
    stack.s3.fetched.clear()
    code, _, err = export(stack, "--from-s3", PLACE, tmp_path / "all")
    assert code == 2 and "holds something else than this export" in err and not stack.s3.fetched


def test_a_refusal_of_s3_is_told(stack: ExportingStack) -> None:
    export(stack, "--to-s3", "--segments", "1")
    stack.s3.fails = "AccessDenied"
    code, _, err = export(stack, "--from-s3", PLACE)
    assert code == 1 and "_manifest.json cannot be read: AWS refused (AccessDenied)" in err


def test_a_stack_without_a_bucket_says_how_to_have_one(ops: FakeOps) -> None:
    without = autotag("export", "--to-s3", "--stack", "prod", obj=fake_environment(ops))
    assert without.exit_code == 1 and "make deploy SET=Export=on" in without.stderr
    older = autotag("export", "--to-s3", "--stack", "prod", obj=ExportingStack(ops).environment(ExportBucketName=""))
    assert older.exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "expected the file to write, or --to-s3"),
        (("--to-s3", "file"), "has no meaning with --to-s3"),
        (("--to-s3", "--format", "jsonl"), "has no meaning with --to-s3"),
        (("--to-s3", "--from-s3", PLACE), "expected either"),
        (("--from-s3", "s3://bucket/else/"), "is no export, expected the address that autotag export --to-s3 prints"),
        (("file", "--segments", "3"), "goes with --to-s3"),
        (("file", "--file-assets", "3"), "goes with --to-s3"),
        (("file", "--no-wait"), "goes with --to-s3 or --from-s3"),
    ],
)
def test_options_that_mean_nothing_together_are_refused(
    arguments: tuple[str, ...], sentence: str, stack: ExportingStack
) -> None:
    code, _, err = export(stack, *arguments)
    assert code == 2 and sentence in " ".join(err.replace("│", " ").split())
