"""The stack's secret in Secrets Manager, and its AWS tags, which hold the destinations of the notifications."""

import json
from typing import Any

from botocore.exceptions import ClientError

from autotag_cli.errors import Failure
from autotag_cli.setup.destinations import Destination
from autotag_cli.setup.secret_document import EMPTY, Document, read
from autotag_cli.stack.aws import aws_errors
from autotag_cli.stack.environment import Environment
from autotag_cli.stack.target import Target

_TAG = "autotag:notified-at-"


class SecretStore:
    """The secret of one stack. Every method raises ``Failure`` with a sentence that contains no secret."""

    def __init__(self, client: Any, arn: str) -> None:
        self._client, self._arn = client, arn

    def read(self) -> tuple[Document, str]:
        """Return the document, and what is wrong with it ("" if it is valid)."""
        with aws_errors("the stack's secret cannot be read"):
            try:
                answer = self._client.get_secret_value(SecretId=self._arn)
            except ClientError as error:
                if _is_missing(error) and self._exists():
                    return {}, "it holds nothing yet"
                raise
        return read(answer.get("SecretString"))

    def write(self, document: Document) -> None:
        """Store ``document`` as the new value."""
        with aws_errors("the stack's secret cannot be written"):
            self._client.put_secret_value(SecretId=self._arn, SecretString=json.dumps(document))

    def clear(self) -> None:
        """Empty the secret twice: Secrets Manager keeps the previous version, which must hold nothing either."""
        self.write(EMPTY)
        self.write(EMPTY)

    def stored_destinations(self) -> dict[str, str]:
        """Return the stored destinations of the stack's notifications, by type (webhook, poll)."""
        with aws_errors("the tags of the stack's secret cannot be read"):
            tags = self._client.describe_secret(SecretId=self._arn).get("Tags", [])
        return {tag["Key"].removeprefix(_TAG): tag["Value"] for tag in tags if tag["Key"].startswith(_TAG)}

    def store_destinations(self, destinations: tuple[Destination, ...]) -> bool:
        """Store the destinations of the stack's notifications; return whether they changed."""
        new = {destination.uri_type: destination.uri for destination in destinations}
        stored = self.stored_destinations()
        if new == stored:
            return False
        with aws_errors("the tags of the stack's secret cannot be written"):
            if gone := [f"{_TAG}{kind}" for kind in stored.keys() - new.keys()]:
                self._client.untag_resource(SecretId=self._arn, TagKeys=gone)
            if new:
                tags = [{"Key": f"{_TAG}{kind}", "Value": uri} for kind, uri in new.items()]
                self._client.tag_resource(SecretId=self._arn, Tags=tags)
        return True

    def _exists(self) -> bool:
        """Return whether the secret exists: a read of one without a value fails as if it did not."""
        try:
            self._client.describe_secret(SecretId=self._arn)
        except ClientError as error:
            if not _is_missing(error):
                raise
            return False
        return True


def _is_missing(error: ClientError) -> bool:
    return error.response.get("Error", {}).get("Code") == "ResourceNotFoundException"


def open_secret_store(environment: Environment, target: Target) -> SecretStore:
    """Return the secret store of a stack; raises ``Failure`` if the stack has no output SecretArn."""
    arn = target.outputs.get("SecretArn")
    if not arn:
        raise Failure(f"the stack {target.stack!r} has no output SecretArn: deploy this version of autotag")
    return SecretStore(environment.aws(target, "secretsmanager"), arn)
