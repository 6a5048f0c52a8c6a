"""The options of ``autotag setup --console``."""

from typing import Annotated, NamedTuple

import typer

from autotag.domain.errors import Invalid

SECRET_VARIABLE = "AUTOTAG_CONSOLE_CLIENT_SECRET"  # noqa: S105 - the name of a variable

Console = Annotated[
    bool, typer.Option("--console", help="Set up the deployed console, and nothing else (docs/console-deployed.md).")
]
Issuer = Annotated[
    str | None, typer.Option(metavar="URL", help="The issuer in the tokens of the OpenID Connect provider.")
]
ClientId = Annotated[str | None, typer.Option(metavar="ID", help="The console's client id at the provider.")]
ClientSecret = Annotated[
    str | None,
    typer.Option(
        metavar="FILE|-",
        help="The file of the client's secret; - is stdin, or a prompt.",
        show_default=f"${SECRET_VARIABLE}",
    ),
]
Roles = Annotated[
    list[str] | None,
    typer.Option(
        "--role",
        metavar="GROUP=ROLE",
        help="The role of a group: viewer, reviewer or admin; repeatable. Those that are given replace all.",
    ),
]
GroupsClaim = Annotated[
    str | None, typer.Option(metavar="NAME", help="The claim that holds a person's groups.", show_default="groups")
]
Scope = Annotated[
    str | None,
    typer.Option(metavar="WORDS", help="What the provider is asked for.", show_default="openid email profile"),
]
Discovery = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="Where the provider describes itself.",
        show_default="ISSUER/.well-known/openid-configuration",
    ),
]
SignPictures = Annotated[
    bool | None,
    typer.Option(
        "--sign-pictures/--no-sign-pictures",
        help="Whether the console gets the API secret of $CLOUDINARY_URL, for pictures that need a signature.",
        show_default="unchanged",
    ),
]
SignOutEveryone = Annotated[bool, typer.Option("--sign-out-everyone", help="End all sessions of the console.")]


class ConsoleOptions(NamedTuple):
    """The options that belong to ``--console``; None leaves a setting as it is."""

    issuer: str | None = None
    client_id: str | None = None
    client_secret: str | None = None
    roles: tuple[str, ...] = ()
    groups_claim: str | None = None
    scope: str | None = None
    discovery: str | None = None
    sign_pictures: bool | None = None
    sign_out_everyone: bool = False

    def refuse_alone(self) -> None:
        """Raise ``Invalid`` for an option that is given without ``--console``."""
        for name, value in self._asdict().items():
            if value not in (None, (), False):
                option = "role" if name == "roles" else name.replace("_", "-")
                raise Invalid(f"--{option}", "has a meaning only with --console")
