"""``python -m simulator``: the command line."""

import argparse
import ipaddress
import logging
import re
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn, get_args, get_type_hints
from urllib.parse import urlsplit

import msgspec

from simulator.accounts.accounts import Account, parse_keys
from simulator.core.database import Database
from simulator.core.settings import LOOPBACK_URL, Settings
from simulator.environment import Environment
from simulator.web.server import Server, listen

_CHOICES = {
    "data_shape": "how labels are listed; documented is as the add-on's page shows it",
    "auto_tagging_case": "the case of tags that auto_tagging assigns",
    "addon_on_other_kinds": "what is done with an add-on that is for another resource type",
    "unreadable_files": "accept takes any bytes for a picture",
}
"""Settings of some fixed values that are options, too, and their help."""


_DESCRIPTION = """A local Cloudinary for development, demos and tests. It also answers DetectLabels as Amazon
Rekognition does: give the AWS SDKs its URL as AWS_ENDPOINT_URL_REKOGNITION."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Print the error as one sentence on stderr and exit with code 2."""
        self.exit(2, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT, and return the exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        keys = parse_keys(options.key)
    except ValueError as error:
        parser.error(str(error))
    if options.signing_key not in (None, *keys):
        parser.error(f"--signing-key {options.signing_key} is not the id of a --key")
    settings = Settings(
        admin_limit=options.admin_limit,
        time_scale=options.time_scale,
        notification_url=options.notification_url,
        signing_key=options.signing_key,
        s3_endpoint=options.s3_endpoint,
        keep_on_overwrite=options.keep_on_overwrite,
        **{name: getattr(options, name) for name in _CHOICES},
    )
    try:
        listener = listen(options.host, options.port)
    except OSError as error:
        print(
            f"{parser.prog}: cannot listen on {options.host} port {options.port}: {error.strerror}",
            file=sys.stderr,
        )
        return 1
    host, port = listener.getsockname()[:2]
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    try:
        environment = Environment.of(Account(options.cloud, keys, url), settings, Database(options.database))
    except (sqlite3.Error, msgspec.DecodeError) as error:
        listener.close()
        print(f"{parser.prog}: cannot use the database {options.database}: {error}", file=sys.stderr)
        return 1
    logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(asctime)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.info("listening on %s, cloud %s", url, options.cloud)
    Server(environment).serve_on(listener)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m simulator", description=_DESCRIPTION)
    parser.add_argument("--port", type=_port, required=True, help="0 takes a free one; the first output line names it")
    parser.add_argument("--host", type=_loopback, default="127.0.0.1", help="loopback address to listen on")
    parser.add_argument("--cloud", type=_cloud_name, default="demo", help="the cloud name")
    parser.add_argument(
        "--key",
        action="append",
        default=[],
        metavar="ID:SECRET",
        help="an API key; repeatable. The first one signs notifications",
    )
    parser.add_argument("--signing-key", metavar="ID", help="the key that signs notifications instead of the first")
    parser.add_argument("--time-scale", type=_positive, default=1.0, help="divides the waits between delivery attempts")
    parser.add_argument("--notification-url", type=_url, help="global URL, for notifications of calls that name no URL")
    parser.add_argument("--s3-endpoint", type=_loopback_url, help="http URL of the S3 whose objects Rekognition reads")
    parser.add_argument("--admin-limit", type=_count, default=Settings().admin_limit, help="Admin API calls per hour")
    parser.add_argument(
        "--keep-on-overwrite", action="store_true", help="overwriting uploads keep tags, context and metadata"
    )
    types = get_type_hints(Settings)
    for name, help_ in _CHOICES.items():
        choices, default = get_args(types[name]), getattr(Settings(), name)
        parser.add_argument(f"--{name.replace('_', '-')}", choices=choices, default=default, help=help_)
    parser.add_argument(
        "--database", type=Path, metavar="FILE", help="SQLite file that keeps stored data across restarts"
    )
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text} is not a port")
    return int(text)


def _cloud_name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]+", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a cloud name")
    return text


def _loopback(text: str) -> str:
    try:
        address = ipaddress.ip_address("127.0.0.1" if text == "localhost" else text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is not an IP address") from error
    if not address.is_loopback:
        raise argparse.ArgumentTypeError(f"{text} is not a loopback address; the simulator listens on no other")
    return str(address)


def _positive(text: str) -> float:
    try:
        number = float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is not a number") from error
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a positive number")
    return number


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text} is not a whole number")
    return int(text)


def _loopback_url(text: str) -> str:
    if not re.fullmatch(LOOPBACK_URL, text):
        raise argparse.ArgumentTypeError(f"{text} is not a URL such as http://127.0.0.1:4566")
    return text


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise argparse.ArgumentTypeError(f"{text} is not an http or https URL")
    return text


if __name__ == "__main__":
    sys.exit(main())
