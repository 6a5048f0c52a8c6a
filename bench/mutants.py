"""The mutation operators of `make mutate`: mutmut's own that change a decision, and those that it lacks.

    python -m bench.mutants    in the directory that bench/mutate.py prepares

mutmut accepts no operators from outside, so this module puts them into its list and runs its command. Two of its kinds
are omitted: changed texts only break wording, and mypy finds values changed to None. Added are a condition that is
always or never true, an omitted part of a condition, an omitted call, a missing entry, and changes of DynamoDB's
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
    """Yield ``test`` as a condition that is never true and one that always is, still evaluated for its effects."""
    inner = test.with_changes(lpar=[*test.lpar, cst.LeftParen()], rpar=[*test.rpar, cst.RightParen()])
    yield cst.BooleanOperation(left=inner, operator=cst.And(), right=cst.Name("False"))
    yield cst.BooleanOperation(left=inner, operator=cst.Or(), right=cst.Name("True"))


def branch(node: cst.If) -> Iterable[cst.If]:
    """Yield a branch that is never taken, and one that always is."""
    yield from (node.with_changes(test=test) for test in forced(node.test))


def chosen(node: cst.CompIf) -> Iterable[cst.CompIf]:
    """Yield a comprehension that leaves nothing out."""
    *_, always = forced(node.test)
    yield node.with_changes(test=always)


def operand(node: cst.BooleanOperation | cst.BinaryOperation) -> Iterable[cst.BaseExpression]:
    """Yield each side alone of ``and``, ``or`` and of the operators that join sets and dictionaries."""
    if isinstance(node, cst.BooleanOperation) or m.matches(node.operator, m.BitOr() | m.BitAnd()):
        for side in (node.left, node.right):
            yield side.with_changes(lpar=[*side.lpar, cst.LeftParen()], rpar=[*side.rpar, cst.RightParen()])


def swapped(node: cst.CSTNode) -> Iterable[cst.CSTNode]:
    """Yield operators swapped as mutmut does, except those that ``operand`` handles."""
    if not m.matches(node, m.BooleanOperation() | m.BinaryOperation(operator=m.BitOr() | m.BitAnd())):
        yield from mutators.operator_swap_op(node)


def statement(node: cst.Expr) -> Iterable[cst.Pass]:
    """Yield ``pass`` in place of a call that is made for its effect, except a log call."""
    if m.matches(node.value, m.Call() & ~_LOGS):
        yield cst.Pass()


def keyword(node: cst.Call) -> Iterable[cst.Call]:
    """Yield the call without one keyword or starred argument, except the fields of a log call."""
    for at, argument in enumerate(node.args):
        if (argument.keyword is not None or argument.star) and not m.matches(node, _LOGS):
            yield node.with_changes(args=[*node.args[:at], *node.args[at + 1 :]])


def entry(node: cst.Dict | cst.Set) -> Iterable[cst.Dict | cst.Set]:
    """Yield a dictionary or a set without one of its entries."""
    for at in range(len(node.elements) if isinstance(node, cst.Dict) or len(node.elements) > 1 else 0):
        yield node.with_changes(elements=[*node.elements[:at], *node.elements[at + 1 :]])


def twin(node: cst.Call) -> Iterable[cst.Call]:
    """Yield the opposite function: ``max`` for ``min``, ``all`` for ``any``, and the reverse."""
    if isinstance(node.func, cst.Name) and node.func.value in _TWINS:
        yield node.with_changes(func=cst.Name(_TWINS[node.func.value]))


def condition(node: cst.SimpleString | cst.FormattedString) -> Iterable[cst.BaseExpression]:
    """Yield a DynamoDB condition with a part always true, or with a moved bound; all its placeholders stay in use."""
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
        data = SourceFileMutationData(path=path)
        data.load()
        for name, code in data.exit_code_by_key.items():
            lines = get_diff_for_mutant(name, path=path).split("\n")[3:]
            before, after = (" ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
            function, owner = orig_function_and_class_names_from_key(name)
            yield {
                "module": str(path.relative_to("src/autotag").with_suffix("")),
                "function": f"{owner}.{function.rpartition('.')[2]}" if owner else function.rpartition(".")[2],
                "before": " ".join(before.split()),
                "after": " ".join(after.split()),
                "status": status_by_exit_code[code],
            }


def main() -> None:
    """Run mutmut with the configuration in the working directory, and write the outcomes to outcomes.json."""
    from mutmut.__main__ import cli

    cast(list[Any], mutators.mutation_operators)[:] = OPERATORS
    cli.main(["run", "--max-children", "2"], standalone_mode=False)
    Path("outcomes.json").write_text(json.dumps(list(outcomes())), encoding="utf-8")


if __name__ == "__main__":
    main()
