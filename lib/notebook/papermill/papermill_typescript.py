"""Writes papermill's parameters as TypeScript, in the form that `npm run notebooks` gives them.

papermill offers entry points for engines only and loads them all when it starts. This package registers its translator
on that occasion, beside papermill's own engine under a second name; notebooks run with or without `--engine`.
"""

import json
import re

from papermill.engines import NBClientEngine
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators

__all__ = ["NBClientEngine", "TypeScriptTranslator"]

DECLARATION = re.compile(r"^let\s+([\w$]+)\s*(?::\s*([^=]+?))?\s*=\s*(.+?);?\s*(?://\s*(.*))?$", re.MULTILINE)


class TypeScriptTranslator(Translator):
    """Assigns instead of declaring, so that an impossible value is a type error; the block shows no value."""

    @classmethod
    def translate(cls, val):
        return json.dumps(val, ensure_ascii=False, default=str)

    @classmethod
    def comment(cls, cmt_str):
        return f"// {cmt_str}".strip()

    @classmethod
    def codify(cls, parameters, comment="Parameters"):
        lines = [f"  {name} = {cls.translate(value)};" for name, value in parameters.items()]
        return "\n".join([cls.comment(comment), "{", *lines, "}"])

    @classmethod
    def inspect(cls, parameters_cell):
        """The variables declared by `let`, one a line: name, type if written, default and the comment behind."""
        found = DECLARATION.findall(parameters_cell["source"])
        return [Parameter(name, kind or "None", default, text) for name, kind, default, text in found]


papermill_translators.register("typescript", TypeScriptTranslator)
