"""Small mistakes by machine: each operator, constant, argument and term of a solution changed, one at a time. Pure.

Written here because the libraries that mutate programs aim at control flow: they know neither dropped terms nor
swapped arguments and results, and turn a `+` between arrays into ten operators that arrays do not have.
"""

import ast
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

OPERATORS: dict[type[ast.operator], tuple[str, str | None]] = {  # as written, and what takes its place
    ast.Add: ("+", "-"), ast.Sub: ("-", "+"), ast.Mult: ("*", "/"), ast.Div: ("/", "*"), ast.Pow: ("**", "*"),
    ast.FloorDiv: ("//", "/"), ast.Mod: ("%", "//"), ast.BitAnd: ("&", "|"), ast.BitOr: ("|", "&"),
    ast.MatMult: ("@", None)}
COMPARISONS: dict[type[ast.cmpop], tuple[str, tuple[str, ...]]] = {
    ast.Lt: ("<", ("<=", ">=")), ast.LtE: ("<=", ("<", ">")), ast.Gt: (">", (">=", "<=")), ast.GtE: (">=", (">", "<")),
    ast.Eq: ("==", ("!=",)), ast.NotEq: ("!=", ("==",)), ast.In: ("in", ("not in",)), ast.NotIn: (r"not\s+in", ("in",)),
    ast.Is: ("is", ("is not",)), ast.IsNot: (r"is\s+not", ("is",))}
WHOLE = (ast.Call, ast.Subscript, ast.Attribute, ast.Constant, ast.List, ast.Dict, ast.keyword, ast.Starred)
Located = ast.expr | ast.stmt | ast.keyword
COMMUTES = (ast.Add, ast.Mult)
SYMMETRIC = ("maximum", "minimum", "max", "min", "add", "multiply", "isclose", "allclose", "array_equal")
ATOM = re.compile(r"[\w.]+")


@dataclass(frozen=True)
class Mutation:
    """One change: the lines that it touches, without their indentation, before and after; and the whole module."""

    function: str
    line: int
    before: str
    after: str
    source: str


def mutations(source: str) -> list[Mutation]:
    """All mutations of a module that are modules still, in the order of their places, each once."""
    tree = ast.parse(source)
    same, found = ast.dump(tree), dict[str, Mutation]()
    for function, begin, end, text in _Changes(source).of(tree, ""):
        changed = (source.encode()[:begin] + text.encode() + source.encode()[end:]).decode()
        if changed not in found and _is_another(changed, same):
            found[changed] = _mutation(function, source, changed)
    return sorted(found.values(), key=lambda mutation: mutation.line)


Change = tuple[int, int, str]  # begin and end in the UTF-8 bytes of the source, and what stands there instead


class _Changes:
    """Finds what can be changed."""

    def __init__(self, source: str) -> None:
        self._source = source.encode()
        self._starts = [0]
        for line in self._source.split(b"\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)

    def of(self, node: ast.AST, function: str) -> Iterator[tuple[str, int, int, str]]:
        """Changes of a node and of all below it but what only people read, with the function that they are in."""
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            function = f"{function}.{node.name}" if function else node.name
        if _is_for_people(node):
            return
        for change in self._here(node):
            yield function, *change
        if isinstance(node, ast.Raise):
            return  # its message is for people
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list"):
                continue
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from self.of(child, function)

    def _here(self, node: ast.AST) -> Iterator[Change]:
        match node:
            case ast.BinOp():
                yield from self._of_operation(node)
            case ast.AugAssign():
                written, other = OPERATORS.get(type(node.op), ("", None))
                if other:
                    yield self._between(node.target, node.value, re.escape(written + "="), other + "=")
                yield self._instead(node, "pass")
            case ast.UnaryOp(op=ast.USub() | ast.Not() | ast.Invert()):
                yield self._instead(node, self._text(node.operand))
            case ast.Compare():
                for left, sign, right in zip([node.left, *node.comparators], node.ops, node.comparators, strict=False):
                    written, others = COMPARISONS[type(sign)]
                    yield from (self._between(left, right, written, another) for another in others)
            case ast.BoolOp():
                word, other = (" and ", " or ") if isinstance(node.op, ast.And) else (" or ", " and ")
                values = [self._text(value) for value in node.values]
                yield self._instead(node, f"({other.join(values)})")
                for k in range(len(values)):
                    yield self._instead(node, f"({word.join(values[:k] + values[k + 1:])})")
            case ast.Constant():
                yield from (self._instead(node, text) for text in _other_constants(node.value))
            case ast.Call():
                yield from self._of_call(node)
            case ast.Tuple(elts=items, ctx=ast.Load()):
                yield from self._swapped(items)
            case ast.IfExp():
                yield self._instead(node, self._text(node.body))
                yield self._instead(node, self._text(node.orelse))
            case ast.If() | ast.While():
                yield self._instead(node.test, "False")
                yield self._instead(node.test, f"not {self._text(node.test)}")
            case ast.Raise(exc=ast.Call(func=ast.Name() as name)):
                yield self._instead(name, "RuntimeError")
            case ast.Expr(value=ast.Call()):
                yield self._instead(node, "pass")
            case ast.Break():
                yield self._instead(node, "continue")
            case ast.Continue():
                yield self._instead(node, "break")

    def _of_operation(self, node: ast.BinOp) -> Iterator[Change]:
        if any(isinstance(side, ast.JoinedStr) or (isinstance(side, ast.Constant) and isinstance(side.value, str))
               for side in (node.left, node.right)):
            return
        written, other = OPERATORS.get(type(node.op), ("", None))
        if other:
            yield self._between(node.left, node.right, re.escape(written), other)
        yield self._instead(node, self._text(node.left))
        if isinstance(node.op, COMMUTES):
            yield self._instead(node, self._text(node.right))
        if isinstance(node.op, ast.Sub):
            yield self._instead(node, f"(-{self._text(node.right)})")

    def _of_call(self, node: ast.Call) -> Iterator[Change]:
        name = self._text(node.func).rpartition(".")[2]
        if name not in SYMMETRIC:
            yield from self._swapped(node.args)
        arguments: list[Located] = [*node.args, *node.keywords]
        for keyword in node.keywords:
            if keyword.arg is not None:
                kept = ", ".join(self._text(each) for each in arguments if each is not keyword)
                yield self._instead(node, f"{self._text(node.func)}({kept})")
        if len(arguments) == 1 and node.args and not isinstance(node.args[0], ast.Starred | ast.GeneratorExp):
            yield self._instead(node, self._text(node.args[0]))
        if not arguments and isinstance(node.func, ast.Attribute):
            yield self._instead(node, self._text(node.func.value))

    def _swapped(self, items: Sequence[ast.expr]) -> Iterator[Change]:
        """Each two neighbours, the one in the other's place."""
        for left, right in itertools.pairwise(items):
            if not isinstance(left, ast.Starred) and not isinstance(right, ast.Starred):
                (begin, left_end), (right_begin, end) = self._place(left), self._place(right)
                between = self._source[left_end:right_begin].decode()
                yield begin, end, f"{self._text(right)}{between}{self._text(left)}"

    def _between(self, left: ast.expr, right: ast.expr, written: str, other: str) -> Change:
        begin, end = self._place(left)[1], self._place(right)[0]
        return begin, end, re.sub(written, lambda match: other, self._source[begin:end].decode(), count=1)

    def _instead(self, node: Located, text: str) -> Change:
        return *self._place(node), text

    def _text(self, node: Located) -> str:
        """The source of a node, in parentheses where it could fall apart."""
        begin, end = self._place(node)
        text = self._source[begin:end].decode()
        return text if ATOM.fullmatch(text) or isinstance(node, WHOLE) else f"({text})"

    def _place(self, node: Located) -> tuple[int, int]:
        assert node.end_lineno is not None and node.end_col_offset is not None
        return (self._starts[node.lineno - 1] + node.col_offset,
                self._starts[node.end_lineno - 1] + node.end_col_offset)


def _is_for_people(node: ast.AST) -> bool:
    """Docstrings and texts, imports, and what runs only as a program."""
    match node:
        case ast.Expr(value=ast.Constant()) | ast.JoinedStr() | ast.Import() | ast.ImportFrom() | ast.Assert():
            return True
        case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
            return True
        case _:
            return False


def _other_constants(value: object) -> list[str]:
    if isinstance(value, bool):
        return [str(not value)]
    if isinstance(value, int):
        return [str(value + 1), str(value - 1) if value else "-1"]
    if isinstance(value, float):
        return [repr(1.1 * value) if value else "0.1"]
    return []


def _is_another(source: str, same: str) -> bool:
    """Whether it is a module, and not the same program in other parentheses."""
    try:
        return ast.dump(ast.parse(source)) != same
    except SyntaxError:
        return False


def _mutation(function: str, source: str, changed: str) -> Mutation:
    before, after = source.split("\n"), changed.split("\n")
    head = next(k for k, (old, new) in enumerate(zip(before, after, strict=False)) if old != new)
    tail = next(k for k, (old, new) in enumerate(zip(before[::-1], after[::-1], strict=False)) if old != new)
    return Mutation(function, head + 1, _one_line(before[head:len(before) - tail]),
                    _one_line(after[head:len(after) - tail]), changed)


def _one_line(lines: Sequence[str]) -> str:
    return " ".join(line.strip() for line in lines)
