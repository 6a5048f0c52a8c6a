"""The page to watch the simulator by, read as a browser reads it."""

from html.parser import HTMLParser

import cloudinary.api
import cloudinary.uploader
import pytest
import requests
from botocore.exceptions import ClientError

from tests.integration.simulator.rekognition.rekognition_client import detect, fault
from tests.integration.simulator.simulator_client import Receiver, Simulator, eventually

pytestmark = pytest.mark.usefixtures("sdk")

VOID = {"meta", "input", "br"}


class Reader(HTMLParser):
    """Keeps the tables' rows by title, and the texts by class; refuses a page whose elements do not nest."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.names: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.rows: dict[str, list[list[str]]] = {}
        self.texts: dict[str, list[str]] = {}
        self.title = ""
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += attributes
        if tag not in VOID:
            self.open.append((tag, dict(attributes).get("class") or ""))
        if tag == "tr":
            self.rows.setdefault(self.title, []).append([])
        if tag == "td":
            self.rows[self.title][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        elements = [tag for tag, _ in self.open]
        if elements[-1:] == ["h2"]:
            self.title = data
        if "td" in elements:
            self.rows[self.title][-1][-1] += data
        if elements:
            self.texts.setdefault(self.open[-1][1], []).append(data)

    def table(self, title: str) -> list[list[str]]:
        return next((rows[1:] for name, rows in self.rows.items() if name.startswith(title)), [])


def page(simulator: Simulator, **query: str) -> Reader:
    answer = requests.get(f"{simulator.url}/_simulator/", query, timeout=30)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    return Reader(answer.text)


def test_an_empty_environment_says_so_and_refreshes_itself(simulator: Simulator) -> None:
    seen = page(simulator)
    assert seen.texts["none"] == [
        "No asset.", "No deliveries.", "No trigger.", "No messages.", "No calls.", "No calls of Rekognition."
    ]  # fmt: skip
    assert ("http-equiv", "refresh") in seen.attributes
    assert not {"script", "img", "link", "iframe"} & set(seen.names)
    assert not [value for name, value in seen.attributes if name in ("src", "href")]


def test_assets_show_tags_and_labels_and_which_labels_became_tags(simulator: Simulator) -> None:
    cloudinary.uploader.upload(
        b"x", public_id="zoo/koala5", tags=["press"], categorization="aws_rek_tagging", auto_tagging=0.9
    )
    seen = page(simulator)
    [[name, _, tags, labels]] = seen.table("Assets")
    assert name.startswith("zoo/koala5") and tags == "press animal koala mammal"
    assert "aws_rek_tagging: Animal 0.9933" in labels
    assert [text.split()[0] for text in seen.texts["label became"]] == ["Animal", "Koala", "Mammal"]
    assert len(seen.texts["label"]) > 3


def test_deliveries_triggers_channels_and_calls_are_shown(simulator: Simulator, receiver: Receiver) -> None:
    receiver.answers = [503]
    cloudinary.api.create_trigger(receiver.url, "upload")
    cloudinary.api.create_trigger("poll://intake", "all", uri_type="poll")
    simulator.control("POST", "/faults", {"match": {"path": "*/ping"}, "fault": {"status": 503}})
    cloudinary.uploader.upload(b"x", public_id="a")
    simulator.api("GET", "/ping")
    eventually(lambda: len(simulator.deliveries()) == 3)
    cloudinary.api.notifications(channel="intake")

    seen = page(simulator)
    assert [row[:3] for row in seen.table("Triggers")] == [
        ["upload", receiver.url, "default"], ["all", "poll://intake", "default"]
    ]  # fmt: skip
    assert seen.table("Poll channels") == [["channel:intake", "1", "1"]]
    outcomes = {(row[2], row[3], row[4].strip()) for row in seen.table("Deliveries")}
    assert outcomes == {
        (receiver.url, "1", "retrying, 503"), (receiver.url, "2", "delivered, 200"), ("poll://intake", "1", "buffered")
    }  # fmt: skip
    calls = [(row[1], row[3]) for row in seen.table("Calls")]
    assert calls[0] == ("GET /v2/notifications/demo/messages", "200")
    assert ("GET /v1_1/demo/ping", "503 by a fault") in calls


def test_it_shows_what_rekognition_was_asked_and_what_is_paid(simulator: Simulator) -> None:
    fault(simulator, {"error": "ThrottlingException"}, count=1)
    with pytest.raises(ClientError):
        detect(simulator)
    detect(simulator, MaxLabels=7)
    rows = [row[2:] for row in page(simulator).table("DetectLabels")]
    assert rows == [["3.0", "7", "200 paid"], ["3.0", "0", "500 ThrottlingException not paid"]]


def test_hostile_names_are_shown_as_text(simulator: Simulator) -> None:
    folder, tag, url = "alert(1) \"'", "<b>t</b><script>", 'http://"><i>/'
    cloudinary.uploader.upload(b"x", public_id="a\"'", asset_folder=folder, tags=[tag], notification_url=url)
    eventually(simulator.deliveries)
    seen = page(simulator)
    [[name, _, tags, _]] = seen.table("Assets")
    assert name.startswith("a\"'image/upload · " + folder) and tags == tag
    assert seen.table("Deliveries")[0][2] == url
    assert not {"script", "b", "i"} & set(seen.names)

    seen = page(simulator, public_id='"><script>')
    assert 'No asset matches "><script>.' in seen.texts["none"]
    assert ("value", '"><script>') in seen.attributes and "script" not in seen.names


def test_a_glob_chooses_the_assets_that_are_shown(simulator: Simulator) -> None:
    for name in ("zoo/a", "farm/a"):
        cloudinary.uploader.upload(b"x", public_id=name)
    assert [row[0].split("image")[0] for row in page(simulator, public_id="zoo/*").table("Assets")] == ["zoo/a"]


def test_of_many_assets_the_latest_are_shown(simulator: Simulator) -> None:
    simulator.control("POST", "/seed", {"count": 2000, "spread_seconds": 4000})
    seen = page(simulator)
    names = [row[0] for row in seen.table("Assets")]
    assert len(names) == 50 and names[0].startswith("seed/002000") and names[-1].startswith("seed/001951")
