"""The process of ``autotag console``: its address, its port, and how it ends."""

import json
import socket
import subprocess
import sys
from pathlib import Path

from autotag.domain.model.label_list import LabelList
from autotag.domain.model.labels import LabelRelations
from autotag_cli.input.imported_labels import save_list
from tests.integration.autotag_console.process.console_process import (
    PATIENCE,
    ConsoleProcess,
    running_process,
    start_console,
)
from tests.integration.autotag_console.process.ops_server import CALLER


def test_the_printed_address_leads_to_the_start_page(process: ConsoleProcess) -> None:
    cookie = process.open_session()
    page = process.request("GET", "/", {"cookie": cookie})
    assert page.status == 200 and "What waits for you" in page.body and CALLER in page.body


def test_ctrl_c_ends_it_with_a_sentence(process: ConsoleProcess) -> None:
    process.open_session()
    code, printed = process.end()
    assert code == 0
    assert printed.splitlines()[-1] == "The console has ended." and "Traceback" not in printed


def test_it_ends_by_itself_after_a_time_without_requests(folder: Path) -> None:
    with running_process(folder, "--idle", "1s") as process:
        _, err = process.process.communicate(timeout=PATIENCE)
        assert process.process.returncode == 0
        assert err.splitlines()[-1] == "The console has ended after 1s without a request."


def test_it_listens_on_this_machine_alone(process: ConsoleProcess) -> None:
    others = {found[4][0] for found in socket.getaddrinfo(socket.gethostname(), None) if found[0] == socket.AF_INET}
    for address in others - {"127.0.0.1"}:
        with socket.socket() as probe:
            probe.settimeout(PATIENCE)
            assert address.startswith("127.") or probe.connect_ex((address, process.port)) != 0


def test_a_taken_port_is_one_sentence(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = start_console(folder, "--port", str(port))
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert err.splitlines()[-1] == (
        f"autotag: --port: {port} is taken by another program, expected a free one, or none to have one chosen"
    )


def test_an_imported_list_of_labels_beside_it_is_known_in_the_editor(folder: Path) -> None:
    save_list(LabelList("3.0", "list.zip", {"Guitar": LabelRelations()}), str(folder / ".autotag" / "labels.json"))
    with running_process(folder) as process:
        cookie = process.open_session()
        sent = {"origin": process.origin, "x-csrf": process.csrf(cookie), "content-type": "application/json"}
        text = json.dumps({"text": "[labels.Guitarr]\npriority = 1\n"})
        answer = process.request("POST", "/rules/check", {"cookie": cookie, **sent}, text)
    assert "not in label model 3.0" in answer.body and "did you mean &#34;Guitar&#34;?" in answer.body


def test_without_the_extra_it_says_what_to_install(folder: Path) -> None:
    program = (
        "import sys\n"
        "class Without:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] in ('jinja2', 'starlette', 'uvicorn'):\n"
        "            raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Without())\n"
        "from autotag_cli.main import app\n"
        "app()\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, "console"], cwd=folder, capture_output=True, text=True, timeout=PATIENCE
    )
    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [
        "autotag: the console needs jinja2, starlette, uvicorn, which the command does not bring: "
        "install them with pip install 'autotag[console]'"
    ]
