"""Errors of usage, which Typer raises before a command runs, as one sentence: the place, and what was expected."""

import typer


def usage_sentence(error: typer.TyperException) -> str:
    """Return the sentence. The attributes that tell the kinds of errors apart are those of Click's exceptions."""
    context = getattr(error, "ctx", None)
    command = getattr(context, "command_path", "autotag")
    if hasattr(error, "possibilities"):
        near = error.possibilities or ()
        guess = f", did you mean {' or '.join(sorted(near))}?" if near else ","
        return f"{getattr(error, 'option_name', '')}: there is no such option{guess} {command} --help lists them"
    if hasattr(error, "option_name"):
        needs = "requires an argument" in error.message
        return f"{error.option_name}: expected {'a value' if needs else 'no value: it is a switch'}"
    if hasattr(error, "param_type"):
        return f"{_place(error)}: missing, expected {_usage(context)}"
    if hasattr(error, "param_hint"):
        return f"{_place(error)}: {error.message}"
    message = error.format_message().removesuffix(".")
    extra = message.removeprefix("Got unexpected extra argument(s) (")
    if extra != message:
        return f"{extra.removesuffix(')')}: one argument too many, expected {_usage(context)}"
    place = command.removeprefix("autotag").strip() or command
    return f"{place}: {message[:1].lower()}{message[1:]}, expected {_usage(context)}"


def _place(error: typer.TyperException) -> str:
    hint, param = getattr(error, "param_hint", None), getattr(error, "param", None)
    if hint is not None:
        return str(hint)
    options = getattr(param, "opts", ())
    if options and options[0].startswith("-"):
        return str(max(options, key=len))
    return str(getattr(param, "metavar", None) or getattr(param, "name", "")).upper()


def _usage(context: typer.Context | None) -> str:
    if context is None:
        return "another form"
    pieces = context.command.collect_usage_pieces(context)
    return " ".join([context.command_path, *pieces])
