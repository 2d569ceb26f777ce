"""Which language a page is in, and where the same page is in the other.

The pages of a language stand in the folder ``book/<code>/``, under the same file names in each. The setting
``book_languages`` in ``_config.yml`` lists the languages, the one for strangers first::

    book_languages:
      en: {tag: en, name: English}
      zh: {tag: zh-CN, locale: zh_CN, name: 中文}

``tag`` is what HTML calls the language, ``locale`` what message catalogues call it, ``name`` its name in itself.
"""

from dataclasses import dataclass

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError
from sphinx.util import logging

logger = logging.getLogger(__name__)

FOLDER = "book/"


@dataclass(frozen=True)
class Language:
    code: str
    tag: str
    name: str
    locale: str | None = None

    @property
    def folder(self) -> str:
        return f"{FOLDER}{self.code}/"

    @property
    def home(self) -> str:
        return f"{self.folder}index"


def languages(config: Config) -> dict[str, Language]:
    """The languages by code, in the order of the setting."""
    return {code: Language(code=code, **entry) for code, entry in config.book_languages.items()}


def default_language(config: Config) -> Language:
    """The language for pages and readers of no known language: the first of the setting."""
    return next(iter(languages(config).values()))


def search_page(config: Config, language: Language) -> str:
    """The name of the search page in a language.

    All of them stand at the root, because Sphinx's search script writes its links relative to there.
    """
    return "search" if language == default_language(config) else f"search-{language.code}"


def language_of(config: Config, pagename: str) -> Language | None:
    """The language a page is written in, or None for the landing page and others that belong to no language."""
    for language in languages(config).values():
        if pagename.startswith(language.folder) or pagename == search_page(config, language):
            return language
    return None


def twin(config: Config, pagename: str, other: Language) -> str:
    """The name of the same page in another language, whether or not it exists."""
    language = language_of(config, pagename)
    if language is None:
        return pagename
    if pagename == search_page(config, language):
        return search_page(config, other)
    return other.folder + pagename.removeprefix(language.folder)


def check_setting(app: Sphinx, config: Config) -> None:
    try:
        if not languages(config):
            raise TypeError("it names no language")
    except (AttributeError, TypeError) as error:
        raise ConfigError(
            f"_config.yml: the setting `book_languages` cannot be read: {error}. "
            "Give each language a `tag` and a `name`, as in `en: {tag: en, name: English}`."
        ) from error


def check_twins(app: Sphinx, env) -> None:
    """Warn about a page that one of the languages lacks."""
    for docname in sorted(env.found_docs):
        language = language_of(app.config, docname)
        for other in languages(app.config).values():
            if language and (missing := twin(app.config, docname, other)) not in env.found_docs:
                logger.warning(
                    "this page has no counterpart in %s: write %s, and list both in _toc.yml",
                    other.name, missing, location=docname, type="fluxbook", subtype="twin",
                )  # fmt: skip


def setup_languages(app: Sphinx) -> None:
    app.add_config_value("book_languages", {}, "env", types=[dict])
    app.connect("config-inited", check_setting)
    app.connect("env-updated", check_twins)
