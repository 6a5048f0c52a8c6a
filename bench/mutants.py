"""What `make mutate` breaks: mutmut's own operators that change a decision, and those that it lacks.

    python -m bench.mutants    in the directory that bench/mutate.py prepares

mutmut takes no operators from outside, so this module puts them into its list and starts its command. Left out are its
changes of texts, and of values to None: the one breaks wording, and mypy finds the other. Added are a condition that
always or never holds, a part of one that is left out, a call that is not made, an entry that is missing, and DynamoDB's
conditions, which are strings.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

import libcst as cst
import libcst.matchers as m
from mutmut.mutation import mutators

_CONDITION = re.compile(r"attribute_(not_)?exists\(|contains\(|size\(|begins_with\(|[\w.] (=|<>|<=?|>=?|IN) [(:]")
_UPDATE = re.compile(r"""^f?["'](SET|ADD|REMOVE|DELETE) """)
_ALWAYS = "OR attribute_exists(pk) OR attribute_not_exists(pk)"
_BOUNDS = {"<=": "<", "<": "<=", ">=": ">", ">": ">="}
_LOGS = m.Call(func=m.Attribute(attr=m.Name("info") | m.Name("warn")))
_TWINS = {"min": "max", "max": "min", "any": "all", "all": "any"}


def forced(test: cst.BaseExpression) -> Iterable[cst.BooleanOperation]:
    """Yield ``test`` as a condition that never holds and one that always does, still computed for its effects."""
    inner = test.with_changes(lpar=[*test.lpar, cst.LeftParen()], rpar=[*test.rpar, cst.RightParen()])
    yield cst.BooleanOperation(left=inner, operator=cst.And(), right=cst.Name("False"))
    yield cst.BooleanOperation(left=inner, operator=cst.Or(), right=cst.Name("True"))


def branch(node: cst.If) -> Iterable[cst.If]:
    """Take a branch never, or always."""
    yield from (node.with_changes(test=test) for test in forced(node.test))


def chosen(node: cst.CompIf) -> Iterable[cst.CompIf]:
    """Leave nothing out of a comprehension."""
    *_, always = forced(node.test)
    yield node.with_changes(test=always)


def operand(node: cst.BooleanOperation | cst.BinaryOperation) -> Iterable[cst.BaseExpression]:
    """Leave out one side of ``and``, ``or`` and of what joins sets and dictionaries."""
    if isinstance(node, cst.BooleanOperation) or m.matches(node.operator, m.BitOr() | m.BitAnd()):
        for side in (node.left, node.right):
            yield side.with_changes(lpar=[*side.lpar, cst.LeftParen()], rpar=[*side.rpar, cst.RightParen()])


def swapped(node: cst.CSTNode) -> Iterable[cst.CSTNode]:
    """Swap operators as mutmut does, but for those of ``operand``."""
    if not m.matches(node, m.BooleanOperation() | m.BinaryOperation(operator=m.BitOr() | m.BitAnd())):
        yield from mutators.operator_swap_op(node)


def statement(node: cst.Expr) -> Iterable[cst.Pass]:
    """Leave out a call that is made for its effect, log lines apart."""
    if m.matches(node.value, m.Call() & ~_LOGS):
        yield cst.Pass()


def keyword(node: cst.Call) -> Iterable[cst.Call]:
    """Leave an argument to its default, fields of a log line apart."""
    for at, argument in enumerate(node.args):
        if (argument.keyword is not None or argument.star) and not m.matches(node, _LOGS):
            yield node.with_changes(args=[*node.args[:at], *node.args[at + 1 :]])


def entry(node: cst.Dict | cst.Set) -> Iterable[cst.Dict | cst.Set]:
    """Leave an entry out of a dictionary or a set."""
    for at in range(len(node.elements) if isinstance(node, cst.Dict) or len(node.elements) > 1 else 0):
        yield node.with_changes(elements=[*node.elements[:at], *node.elements[at + 1 :]])


def twin(node: cst.Call) -> Iterable[cst.Call]:
    """Take the largest for the smallest, one for all."""
    if isinstance(node.func, cst.Name) and node.func.value in _TWINS:
        yield node.with_changes(func=cst.Name(_TWINS[node.func.value]))


def condition(node: cst.SimpleString | cst.FormattedString) -> Iterable[cst.BaseExpression]:
    """Let a part of a DynamoDB condition always hold, and move its bounds; its placeholders all stay used."""
    text = cst.Module([]).code_for_node(node)
    if _UPDATE.match(text) or not _CONDITION.search(text):
        return
    start = text.index(text[-1]) + 1
    parts = text[start:-1].split(" AND ")
    for at, part in enumerate(parts):
        always = " AND ".join([*parts[:at], f"({part} {_ALWAYS})", *parts[at + 1 :]])
        yield cst.parse_expression(f"{text[:start]}{always}{text[-1]}")
    for bound in re.finditer(r" (<=?|>=?) ", text):
        yield cst.parse_expression(f"{text[: bound.start(1)]}{_BOUNDS[bound[1]]}{text[bound.end(1) :]}")


OPERATORS = [
    (cst.BaseNumber, mutators.operator_number),
    (cst.Name, mutators.operator_name),
    (cst.AugAssign, mutators.operator_augmented_assignment),
    (cst.UnaryOperation, mutators.operator_remove_unary_ops),
    (cst.Call, mutators.operator_symmetric_string_methods_swap),
    (cst.Lambda, mutators.operator_lambda),
    (cst.CSTNode, mutators.operator_keywords),
    (cst.Match, mutators.operator_match),
    (cst.IfExp, mutators.operator_if_exp),
    (cst.CSTNode, swapped),
    (cst.If, branch),
    (cst.CompIf, chosen),
    ((cst.BooleanOperation, cst.BinaryOperation), operand),
    (cst.Expr, statement),
    (cst.Call, keyword),
    (cst.Call, twin),
    ((cst.Dict, cst.Set), entry),
    ((cst.SimpleString, cst.FormattedString), condition),
]


def outcomes() -> Iterable[dict[str, str]]:
    """Yield each mutant's module, function, status, and the text of its changed lines before and after."""
    from mutmut.mutation.data import SourceFileMutationData
    from mutmut.mutation.diff_apply import get_diff_for_mutant
    from mutmut.stats import status_by_exit_code
    from mutmut.utils.file_utils import walk_mutatable_files
    from mutmut.utils.format_utils import orig_function_and_class_names_from_key

    for path in walk_mutatable_files():
        found = SourceFileMutationData(path=path)
        found.load()
        for name, code in found.exit_code_by_key.items():
            lines = get_diff_for_mutant(name, path=path).split("\n")[3:]
            before, after = (" ".join(x[1:].strip() for x in lines if x.startswith(sign)) for sign in "-+")
            function, owner = orig_function_and_class_names_from_key(name)
            yield {
                "module": str(path.relative_to("src/autotag").with_suffix("")),
                "function": f"{owner}.{function.rpartition('.')[2]}" if owner else function.rpartition(".")[2],
                "before": " ".join(before.split()),
                "after": " ".join(after.split()),
                "status": status_by_exit_code[code],
            }


def main() -> None:
    """Run mutmut as its configuration in the working directory says; write what came out to outcomes.json."""
    from mutmut.__main__ import cli

    cast(list[Any], mutators.mutation_operators)[:] = OPERATORS
    cli.main(["run", "--max-children", "2"], standalone_mode=False)
    Path("outcomes.json").write_text(json.dumps(list(outcomes())), encoding="utf-8")


if __name__ == "__main__":
    main()
