from __future__ import annotations

import sys
from importlib.metadata import version as installed_version
from pathlib import Path

from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "Sourcemix"
author = "The Sourcemix authors"
version = release = installed_version("sourcemix")
language = "en-GB"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "command_line",
    "model_fields",
]
exclude_patterns = ["_ext"]
nitpicky = True
default_role = "code"

myst_heading_anchors = 3
myst_enable_extensions = ["deflist"]

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
# Types of the standard library: the reference is complete without a network.
nitpick_ignore_regex = [(r"py:.*", r"(collections|os|pathlib|typing)\..*")]

html_theme = "alabaster"
html_theme_options = {"description": "The best mix of suppliers and agreements, proven"}
html_copy_source = False
html_show_sphinx = False


def _no_substitutions(
    _app: Sphinx, _what: str, _name: str, _obj: object, _options: object, lines: list[str]
) -> None:
    # In our docstrings a bar is an absolute value, |cost|, never a substitution.
    lines[:] = [line.replace("|", r"\|") for line in lines]


def setup(app: Sphinx) -> None:
    # After napoleon, which looks for its own marks first.
    app.connect("autodoc-process-docstring", _no_substitutions, priority=900)
