"""The local Amazon Translate, judged with boto3's own client, and the command that asks it."""

import os
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.integration.simulator.simulator_client import Simulator
from tests.unit.autotag_cli.run_command import autotag


def client(simulator: Simulator, attempts: int = 1) -> Any:
    return boto3.client(
        "translate",
        region_name="us-east-1",
        endpoint_url=simulator.url,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"mode": "standard", "total_max_attempts": attempts}, read_timeout=5),
    )


def ask(simulator: Simulator, text: str = "Guitar", source: str = "en", target: str = "de", attempts: int = 1) -> Any:
    return client(simulator, attempts).translate_text(Text=text, SourceLanguageCode=source, TargetLanguageCode=target)


def calls(simulator: Simulator) -> dict[str, Any]:
    found: dict[str, Any] = simulator.control("GET", "/translate/calls")
    return found


def refused(simulator: Simulator, **request: Any) -> dict[str, Any]:
    with pytest.raises(ClientError) as raised:
        ask(simulator, **request)
    response: dict[str, Any] = dict(raised.value.response)
    return response


def test_a_word_that_it_knows_is_translated_and_any_other_is_marked(simulator: Simulator) -> None:
    answer = ask(simulator)
    assert (answer["TranslatedText"], answer["SourceLanguageCode"], answer["TargetLanguageCode"]) == (
        "Gitarre",
        "en",
        "de",
    )
    assert ask(simulator, "Bass Guitar", target="ja")["TranslatedText"] == "Bass Guitar (ja)"
    assert ask(simulator, "Bass Guitar", target="en")["TranslatedText"] == "Bass Guitar"
    assert (calls(simulator)["count"], calls(simulator)["characters"]) == (3, 28)


def test_what_amazon_translate_refuses_is_refused_with_its_type(simulator: Simulator) -> None:
    pair = refused(simulator, target="xx")
    assert pair["Error"]["Code"] == "UnsupportedLanguagePairException"
    assert (pair["SourceLanguageCode"], pair["TargetLanguageCode"]) == ("en", "xx")
    assert refused(simulator, text="ü" * 5001)["Error"]["Code"] == "TextSizeLimitExceededException"
    assert refused(simulator, source="auto")["Error"]["Code"] == "InvalidRequestException"
    assert calls(simulator)["characters"] == 0


def test_calls_above_the_rate_are_throttled_and_boto_repeats_them(simulator: Simulator) -> None:
    simulator.control("PUT", "/settings", {"translate_rate": 1})
    ask(simulator)
    throttled = refused(simulator)
    assert throttled["Error"]["Code"] == "TooManyRequestsException"
    assert throttled["ResponseMetadata"]["HTTPStatusCode"] == 429
    assert ask(simulator, attempts=8)["TranslatedText"] == "Gitarre"


@pytest.mark.parametrize(
    ("error", "status"),
    [("AccessDeniedException", 400), ("InternalServerException", 500), ("ServiceUnavailableException", 503)],
)
def test_faults_are_answered_as_such(simulator: Simulator, error: str, status: int) -> None:
    rule = {"match": {"text": "Gui*", "count": 1}, "fault": {"error": error}}
    simulator.control("POST", "/translate/faults", rule)
    found = refused(simulator)
    assert (found["Error"]["Code"], found["ResponseMetadata"]["HTTPStatusCode"]) == (error, status)
    assert ask(simulator)["TranslatedText"] == "Gitarre"


def test_the_command_asks_it_and_pays_for_each_word_once(
    simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1"}
    for name, value in {**keys, "AWS_ENDPOINT_URL_TRANSLATE": simulator.url, "AWS_EC2_METADATA_DISABLED": "1"}.items():
        monkeypatch.setitem(os.environ, name, value)
    monkeypatch.chdir(tmp_path)
    rules = tmp_path / "rules.toml"
    rules.write_text('[labels.Guitar]\nparents = ["music"]\n[labels.Tree]\nthreshold = 0.9\n')
    simulator.control(
        "POST", "/translate/faults", {"match": {"text": "Tree"}, "fault": {"error": "AccessDeniedException"}}
    )
    command = ("rules", "translate", "--to", "de", "--rules", rules, "--out", rules, "--yes")
    first = autotag(*command)
    assert first.exit_code == 1 and "does not allow translate:TranslateText" in first.stderr
    simulator.control("DELETE", "/translate/faults")
    second = autotag(*command)
    assert second.exit_code == 0
    assert rules.read_text().endswith('[translations.de]\nGuitar = "Gitarre"\nmusic = "Musik"\nTree = "Baum"\n')
    paid = [call["text"] for call in calls(simulator)["calls"] if not call["error"]]
    assert sorted(paid) == ["Guitar", "Tree", "music"]
