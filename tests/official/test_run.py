"""``python -m tests.official.run`` on made source distributions: their tests really run against a local Cloudinary."""

import io
import subprocess
import sys
import tarfile
from pathlib import Path

from tests.official.run import ROOT

SDK_TESTS = '''
import unittest
import cloudinary
from cloudinary import api, uploader
from test.helper_test import TEST_IMAGE

class Upload(unittest.TestCase):
    def test_upload(self):
        self.assertEqual(241, uploader.upload(TEST_IMAGE)["width"])
    def test_wrong(self):
        self.assertEqual("image", uploader.upload(TEST_IMAGE, resource_type="raw")["resource_type"])
    @unittest.skip("not today")
    def test_skipped(self):
        pass
    def test_unlisted(self):
        self.fail("never run")

class Fields(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        api.add_metadata_field({"external_id": "sku", "type": "nonsense"})
    @classmethod
    def tearDownClass(cls):
        api.delete_metadata_field("sku")
    def test_after_a_field_that_cannot_be_made(self):
        pass
    def test_a_field_made_in_a_test(self):
        api.add_metadata_field({"external_id": "sku", "type": "nonsense"})

class Setup(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        api.resource("nothing of this name")
    def test_after_another_error(self):
        pass
'''  # fmt: skip
CLI_TESTS = '''
import socket
from test.helper_test import retry_assertion

tries = []

@retry_assertion(num_tries=3)
def test_once():
    tries.append(1)
    assert len(tries) == 2

def test_outside():
    socket.create_connection(("192.0.2.1", 80), timeout=5)
'''  # fmt: skip
CLI_HELPERS = '''
def retry_assertion(func=None, *, num_tries=3, delay=3):
    raise AssertionError("retries are off")
'''  # fmt: skip
LISTED = """
sdk test.test_small.Upload::test_upload
sdk test.test_small.Upload::test_wrong
sdk test.test_small.Upload::test_skipped
sdk test.test_small.Upload::test_missing
sdk test.test_small.Fields::test_after_a_field_that_cannot_be_made
sdk test.test_small.Fields::test_a_field_made_in_a_test
sdk test.test_small.Setup::test_after_another_error
cli test.test_small::test_once
cli test.test_small::test_outside
"""


def run_on(folder: Path, sources: dict[str, dict[str, str]], listed: str) -> subprocess.CompletedProcess[str]:
    """Run the command on source distributions with these files, by archive and path."""
    for name, files in sources.items():
        with tarfile.open(folder / f"{name}.tar.gz", "w:gz") as archive:
            for path, text in files.items():
                entry = tarfile.TarInfo(f"{name}/{path}")
                entry.size = len(text.encode())
                archive.addfile(entry, io.BytesIO(text.encode()))
    (folder / "tests.txt").write_text(listed)
    (folder / "out_of_scope.toml").write_text("left_out = []")
    command = [sys.executable, "-m", "tests.official.run", "--lists", str(folder), "--sources", str(folder)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def test_what_fails_is_skipped_is_missing_or_is_unlisted_ends_the_run_with_1(tmp_path: Path) -> None:
    sources = {
        "cloudinary-0.1": {"test/test_small.py": SDK_TESTS},
        "cloudinary_cli-0.1": {
            "test/__init__.py": "", "test/test_small.py": CLI_TESTS, "test/helper_test.py": CLI_HELPERS
        },
    }  # fmt: skip
    ended = run_on(tmp_path, sources, LISTED)
    lines = ended.stdout.splitlines()
    assert ended.returncode == 1, ended.stderr
    assert lines[:4] == [
        "left out: 0",
        "passed: 2",
        "  sdk test.test_small.Fields (1): test_after_a_field_that_cannot_be_made",
        "  sdk test.test_small.Upload (1): test_upload",
    ]
    assert lines[4].startswith("tolerated: the metadata field sdk sku: setUpClass: ")
    problems = [line.partition("::")[2].partition(":")[0] if "::" in line else line for line in lines[5:]]
    assert problems == [
        "test_once", "test_outside", "test_a_field_made_in_a_test", "test_after_another_error", "test_missing",
        "test_skipped", "test_wrong", "test_unlisted",
        "failed: 5", "skipped: 1", "missing: 1", "in neither list: 1", "official: 2 passed, 8 failed",
    ]  # fmt: skip
    assert "test/test_small.py:10: assert 1 == 2" in lines[5]
    assert "192.0.2.1" in lines[6]
    assert "Resource not found" in lines[8]


def test_without_a_source_distribution_the_run_says_what_makes_it(tmp_path: Path) -> None:
    ended = run_on(tmp_path, {"cloudinary-0.1": {"test/test_small.py": SDK_TESTS}}, LISTED)
    assert ended.returncode == 1
    assert "0 source distributions of cloudinary_cli; expected one. `make official` downloads it." in ended.stderr
    assert "Traceback" not in ended.stderr


def test_tests_that_end_early_do_not_pass(tmp_path: Path) -> None:
    ended = run_on(
        tmp_path,
        {
            "cloudinary-0.1": {"test/test_small.py": SDK_TESTS},
            "cloudinary_cli-0.1": {"test/__init__.py": "", "test/helper_test.py": "", "test/conftest.py": "1 / 0"},
        },
        "sdk test.test_small.Upload::test_upload",
    )
    assert ended.returncode == 1
    assert "not collected: cli (its tests ended early): pytest ended with 4: " in ended.stdout
