"""``autotag capture``: prints a body that may be shared."""

import codecs
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from autotag_cli.capture.replacement import Replaced

_KEY_BYTES = 32


def capture(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE|-",
            help="A notification, an answer of an API, a list of them, or a Lambda event with a notification; - is "
            "stdin.",
        ),
    ],
    keep: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Keep the name of this field, though not its value; repeatable."),
    ] = None,
    keep_messages: Annotated[
        bool,
        typer.Option(
            "--keep-messages", help="Keep Cloudinary's messages, such as why a categorization failed, except for names."
        ),
    ] = False,
) -> None:
    """Print a body with all that identifies an account, an asset or a person replaced, so that it can be shared.

    Ids, digests, names, keys, signatures, the cloud name in URLs, contexts, metadata, and tags that repeat no label get
    others of the same shape, each the same one wherever it occurs. Labels, confidences, times, sizes, versions, the
    numbers of tags and the order of keys stay. What was replaced is on stderr. Nothing is sent anywhere: read the
    output before you share it. Exit code 2: invalid input.
    """
    import secrets

    from autotag.domain.errors import Invalid
    from autotag_cli.capture.replacement import replace_identifiers
    from autotag_cli.input.files import display_name, read_bytes
    from autotag_cli.input.lambda_event import read_event
    from autotag_cli.terminal.output import note, print_json

    raw, name = read_bytes(file), display_name(file)
    event = read_event(raw, name)
    document = _document(raw if event is None else event.body, name)
    try:
        replaced = replace_identifiers(
            document, secrets.token_bytes(_KEY_BYTES), frozenset(keep or ()), keep_messages=keep_messages
        )
        print_json(replaced.document, indent=2)
    except RecursionError as error:
        raise Invalid(name, "is nested too deeply") from error
    for sentence in _sentences(replaced, keep_messages):
        note(sentence)


def _document(raw: bytes, name: str) -> Any:
    import msgspec

    from autotag.domain.errors import Invalid
    from autotag.domain.model.strict_json import decode

    try:
        document = decode(raw.removeprefix(codecs.BOM_UTF8))
    except msgspec.DecodeError as error:
        raise Invalid(name, f"expected JSON ({error})") from error
    if not isinstance(document, dict | list):
        raise Invalid(name, "expected a JSON object, or a list of them")
    return document


def _sentences(replaced: "Replaced", kept: bool) -> list[str]:
    said = [f"Replaced in: {', '.join(filter(None, replaced.fields)) or 'nothing'}."]
    if replaced.unknown:
        said.append(
            f"Replaced too, as names of fields that autotag does not know: {', '.join(replaced.unknown)}. If one says "
            "nothing about your account, --keep NAME shows it."
        )
    if replaced.messages and not kept:
        said.append("Replaced too: a message of Cloudinary's; --keep-messages keeps it, except for names.")
    said += [f"Kept, except for words that name something: {text}" for text in replaced.messages if kept]
    return [*said, "Read the output before you share it."]
