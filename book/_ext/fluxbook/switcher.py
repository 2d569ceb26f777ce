"""From a page to the same page in the other language, and in it to the same place.

Every page names its counterparts to search engines (``hreflang``) and carries a map from its anchors to theirs, which
``language.js`` uses to carry the reader to the section in view.
"""

import json
from posixpath import basename, join

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from .languages import Language, default_language, language_of, languages, twin


def heading_anchors(env: BuildEnvironment, docname: str) -> list[str]:
    """The anchors of a page's headings, in order; the first, of the title, is empty."""
    return [heading["anchorname"].removeprefix("#") for heading in env.tocs[docname].findall(nodes.reference)]


def labelled_anchors(env: BuildEnvironment, docname: str) -> dict[str, str]:
    """The anchors of a page's labels and labelled equations, by label."""
    anchors = {
        label: node_id
        for label, (where, node_id) in env.get_domain("std").anonlabels.items()
        if where == docname and node_id
    }
    for label, (where, _number) in env.get_domain("math").equations.items():
        if where == docname:
            anchors[label] = nodes.make_id(f"equation-{label}")
    return anchors


def anchor_map(env: BuildEnvironment, here: str, language: Language, there: str, other: Language) -> dict[str, str]:
    """Where each place of a page is in its counterpart.

    A label ``name-en`` belongs to ``name-zh``. Headings without such a pair are matched by their order, if both pages
    have as many.
    """
    anchors = {}
    sections, others = heading_anchors(env, here), heading_anchors(env, there)
    if len(sections) == len(others):
        anchors = {one: two for one, two in zip(sections, others) if one}
    labels = labelled_anchors(env, there)
    for label, anchor in labelled_anchors(env, here).items():
        counterpart = label.removesuffix(f"-{language.code}") + f"-{other.code}"
        if label.endswith(f"-{language.code}") and counterpart in labels:
            anchors[anchor] = labels[counterpart]
    return anchors


def address(app: Sphinx, context: dict, pagename: str) -> str:
    """The public address of a page when one is known (``html_baseurl``), and else the way to it from this page."""
    if app.config.html_baseurl:
        return join(app.config.html_baseurl, app.builder.get_target_uri(pagename))
    if pagename == context["pagename"]:
        return basename(app.builder.get_target_uri(pagename))
    return context["pathto"](pagename)


def counterparts(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: object) -> None:
    config, env = app.config, app.env
    language = language_of(config, pagename)
    context["alternates"], context["other_languages"] = [], []
    if language is None:
        if pagename == config.root_doc:
            pages = [(each, each.home) for each in languages(config).values()]
            context["alternates"] = [(each.tag, address(app, context, page)) for each, page in pages]
            context["alternates"].append(("x-default", address(app, context, pagename)))
        return

    pages = [
        (each, page)
        for each in languages(config).values()
        # Pages without a document, such as the search, exist in every language.
        if (page := twin(config, pagename, each)) in env.found_docs or pagename not in env.found_docs
    ]
    context["alternates"] = [(each.tag, address(app, context, page)) for each, page in pages]
    stranger = config.root_doc if pagename == language.home else twin(config, pagename, default_language(config))
    context["alternates"].append(("x-default", address(app, context, stranger)))
    context["other_languages"] = [
        {
            "code": each.code,
            "tag": each.tag,
            "name": each.name,
            "href": context["pathto"](page),
            "anchors": json.dumps(
                anchor_map(env, pagename, language, page, each) if page in env.found_docs else {}, ensure_ascii=False
            ),
        }
        for each, page in pages
        if each != language
    ]


def setup_switcher(app: Sphinx) -> None:
    # Before the navigation replaces the way to the root page.
    app.connect("html-page-context", counterparts, priority=15)
    app.add_js_file("language.js", priority=300)
