"""A formula as a function that runs, in Python and in JavaScript, printed by SymPy in the order in which it is written."""

import re

import sympy as sp
from sympy.printing.jscode import JavascriptCodePrinter
from sympy.printing.pycode import PythonCodePrinter

AS_WRITTEN = {"order": "none"}


class _Python(PythonCodePrinter):
    def __init__(self):
        super().__init__(AS_WRITTEN | {"fully_qualified_modules": False})

    def _print_Sum(self, e):
        ((i, first, last),) = e.limits
        return f"sum({self._print(e.function)} for {self._print(i)} in range({self._print(first)}, {self._print(last + 1)}))"

    def _print_Largest(self, e):
        ((i, first, last),) = e.limits
        return f"max({self._print(e.function)} for {self._print(i)} in range({self._print(first)}, {self._print(last + 1)}))"

    def _print_Max(self, e):
        return f"max({_listed(self, e)})"

    def _print_Indexed(self, e):
        return _item(self, e)


class _JavaScript(JavascriptCodePrinter):
    def __init__(self):
        super().__init__(AS_WRITTEN)

    def _print_Sum(self, e):
        return f"{self._terms(e)}.reduce((sum, term) => sum + term, 0)"

    def _print_Largest(self, e):
        return f"Math.max(...{self._terms(e)})"

    def _terms(self, e):
        ((i, first, last),) = e.limits
        numbers = f"Array.from({{ length: {self._print(last - first + 1)} }}, (_, k) => k + {self._print(first)})"
        return f"{numbers}.map(({self._print(i)}) => {self._print(e.function)})"

    def _print_Max(self, e):
        return f"Math.max({_listed(self, e)})"

    def _print_Indexed(self, e):
        return _item(self, e)


def _listed(printer, e):
    """The arguments of a maximum, which SymPy holds as a set."""
    return ", ".join(map(printer._print, sorted(e.args, key=sp.default_sort_key)))


def _item(printer, e):
    """A sequence starts with number 1, a list with 0."""
    return f"{printer._print(e.base.label)}[{printer._print(e.indices[0])} - 1]"


def computed(relation):
    """The side of a relation that its code computes: the right one, without what is only an order of magnitude."""
    return relation.rhs.replace(lambda e: isinstance(e, sp.Order), lambda _: sp.Integer(0))


def arguments(formula):
    """The symbols of that side, in the order in which the formula has them."""
    used = {s.name for s in computed(formula.relation).free_symbols if isinstance(s, sp.Symbol)}
    return [sp.Symbol(name) for name in formula.letters if name in used]


def python(formula):
    """The text of a Python function."""
    printer = _Python()
    body = printer.doprint(computed(formula.relation))
    parameters = ", ".join(map(printer.doprint, arguments(formula)))
    imports = "".join(f"from {module} import {', '.join(sorted(names))}\n" for module, names in sorted(printer.module_imports.items()))
    return (imports and imports + "\n\n") + f"def {re.sub(r'[.-]', '_', formula.id)}({parameters}):\n    return {body}\n"


def javascript(formula):
    """The text of an ES module with one function."""
    printer = _JavaScript()
    parameters = ", ".join(map(printer.doprint, arguments(formula)))
    name = re.sub(r"[.-](\w)", lambda match: match[1].upper(), formula.id)
    # cases come on several lines
    body = " ".join(printer.doprint(computed(formula.relation)).split())
    return f"export function {name}({parameters}) {{\n  return {body};\n}}\n"
