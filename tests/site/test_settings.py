"""What the site's extension does with other settings and sources than the book's own."""

import shutil
import subprocess
import sys
import tomllib

import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from fluxbook import downloads
from fluxbook.folds import in_exercises
from fluxbook.lines import held, parted
from fluxbook.search import SearchPairs
from site_pages import LANGUAGES, ROOT
from sphinx.errors import ExtensionError

from fluxopt_edu.formulas import catalogue


@pytest.fixture(scope="module")
def small_book(tmp_path_factory):
    """Two pages, one without its counterpart, a withdrawn formula and a public address; built, with what the build said."""
    root = tmp_path_factory.mktemp("book")
    for name in ("fluxopt_edu", "book/_ext", "book/_static", "book/_templates", "book/sheet"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "book/index.md"):
        shutil.copy(ROOT / name, root / name)
    for proof in {proof.partition("::")[0] for entry in catalogue().values() for proof in entry.proofs}:
        (root / proof).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / proof, root / proof)
    with (root / "fluxopt_edu/formulas/withdrawn.py").open("a", encoding="utf-8") as file:
        gone = ("0.2.0", "It said the same as another.", "与另一公式重复。", ("adam.step",))
        file.write(f'WITHDRAWN["adam.gone"] = Tombstone{gone!r}\n')
    config = (ROOT / "_config.yml").read_text(encoding="utf-8")
    assert 'baseurl: ""' in config
    config = config.replace('baseurl: ""', 'baseurl: "https://example.org/rules/"')
    (root / "_config.yml").write_text(config, encoding="utf-8")
    files = ["book/en/index", "book/zh/index", "book/en/alone"]
    toc = "".join(f"  - file: {file}\n" for file in files)
    (root / "_toc.yml").write_text(f"format: jb-book\nroot: book/index\nchapters:\n{toc}")
    for code in LANGUAGES:
        (root / f"book/{code}").mkdir()
        (root / f"book/{code}/index.md").write_text(f"# Home\n\n(here-{code})=\n## Here\n\n## There\n", encoding="utf-8")
    (root / "book/en/alone.md").write_text("# Alone\n")
    program = "import sys; from jupyter_book.cli.main import main; sys.exit(main())"
    result = subprocess.run([sys.executable, "-c", program, "build", "."], cwd=root, capture_output=True, text=True, check=False)
    return root / "_build" / "html", result


def test_a_page_without_its_counterpart_is_named(small_book):
    _, result = small_book
    assert result.returncode == 0, result.stderr
    warnings = [line for line in result.stderr.splitlines() if "WARNING" in line]
    assert len(warnings) == 1
    assert "book/en/alone.md: WARNING: this page has no counterpart in 中文: write book/zh/alone" in warnings[0]


def test_a_page_without_its_counterpart_has_no_switch(small_book):
    site, _ = small_book
    soup = BeautifulSoup((site / "book/en/alone.html").read_bytes(), "html.parser")
    assert not soup.select(".language-switch")
    assert {link["hreflang"] for link in soup.select("link[rel=alternate]")} == {"en", "x-default"}


def test_one_setting_holds_the_public_address(small_book):
    site, _ = small_book
    soup = BeautifulSoup((site / "book/zh/index.html").read_bytes(), "html.parser")
    assert {link["hreflang"]: link["href"] for link in soup.select("link[rel=alternate]")} == {
        "en": "https://example.org/rules/book/en/index.html",
        "zh-CN": "https://example.org/rules/book/zh/index.html",
        "x-default": "https://example.org/rules/book/index.html",
    }
    assert soup.select_one("link[rel=canonical]")["href"] == "https://example.org/rules/book/zh/index.html"
    # The reader's own links stay within the folder.
    assert soup.select_one(".language-switch")["href"] == "../en/index.html"


def test_headings_without_labels_are_matched_by_their_order(small_book):
    site, _ = small_book
    soup = BeautifulSoup((site / "book/en/index.html").read_bytes(), "html.parser")
    assert soup.select_one(".language-switch")["data-anchors"] == '{"here-en": "here-zh", "there": "there"}'


# Formulas


def test_a_withdrawn_id_keeps_its_page(small_book):
    site, _ = small_book
    soup = BeautifulSoup((site / "f/adam.gone/index.html").read_bytes(), "html.parser")
    said = {tag: soup.find(lang=tag, class_="formula-language").get_text("|", strip=True) for tag in LANGUAGES.values()}
    assert said == {
        "en": "This formula was withdrawn in version 0.2.0.|It said the same as another.|Look here now:|adam.step",
        "zh-CN": "此公式已在 0.2.0 版撤回。|与另一公式重复。|现请见：|adam.step",
    }
    assert {link["href"] for link in soup.select("section a")} == {"../adam.step/index.html"}
    assert "adam.gone" in (site / "f/index.html").read_text(encoding="utf-8")
    assert "adam.gone" in (site / "searchindex.js").read_text(encoding="utf-8")


def test_one_setting_gives_permalinks_their_address(small_book):
    site, _ = small_book
    soup = BeautifulSoup((site / "f/adam.step/index.html").read_bytes(), "html.parser")
    assert soup.select_one("link[rel=canonical]")["href"] == "https://example.org/rules/f/adam.step/"
    link = soup.select_one(".formula-permalink a")
    assert (link.text, link["href"]) == ("https://example.org/rules/f/adam.step/", "index.html")
    assert "{https://example.org/rules/f/adam.step/}" in (site / "f/adam.step/adam.step.bib").read_text(encoding="utf-8")
    # There are no notation and references pages in that book, so nothing leads to them.
    assert not soup.select("a[href*=notation], a[href*=references]")


# The wheel


@pytest.fixture
def project(tmp_path):
    root = tmp_path / "project"
    (root / "fluxopt_edu").mkdir(parents=True)
    (root / "fluxopt_edu" / "__init__.py").write_text('"""A package."""\n')
    for name in ("pyproject.toml", "LICENSE", "README.md"):
        shutil.copy(ROOT / name, root / name)
    return root


def test_the_wheel_is_built_when_the_package_changes_and_only_then(project, tmp_path, monkeypatch):
    cache = tmp_path / "cache"
    settings = (project / "pyproject.toml").read_text(encoding="utf-8")
    version = tomllib.loads(settings)["project"]["version"]
    first = downloads.build_wheel(project, cache)
    assert first.name == f"fluxopt_edu-{version}-py3-none-any.whl"
    assert not {file.name for file in project.iterdir()} - {"fluxopt_edu", "pyproject.toml", "LICENSE", "README.md"}

    with monkeypatch.context() as patched:
        patched.setattr(downloads.subprocess, "run", None)
        assert downloads.build_wheel(project, cache) == first

    changed = settings.replace(f'version = "{version}"', 'version = "99.0"')
    (project / "pyproject.toml").write_text(changed, encoding="utf-8")
    second = downloads.build_wheel(project, cache)
    assert second.name == "fluxopt_edu-99.0-py3-none-any.whl"
    assert not first.exists()


def test_a_wheel_that_cannot_be_built_stops_the_build(project, tmp_path):
    settings = (project / "pyproject.toml").read_text(encoding="utf-8")
    (project / "pyproject.toml").write_text(settings.replace("flit_core.buildapi", "no_such_backend"), encoding="utf-8")
    with pytest.raises(ExtensionError, match=r"(?s)wheel cannot be built.*pip install"):
        downloads.build_wheel(project, tmp_path / "cache")


# The words of the search


def test_chinese_is_cut_into_pairs_and_other_words_stay_whole():
    assert SearchPairs({}).split("学习率 η=0.001，用 Adam。") == ["学", "习", "率", "学习", "习率", "η", "0", "001", "用", "Adam"]
    assert SearchPairs({}).split("AdamW与动量") == ["AdamW", "与", "动", "量", "与动", "动量"]


def test_no_word_is_stemmed_to_nothing():
    assert [SearchPairs({}).stem(word) for word in ("s", "is", "Adam", "steps", "学习")] == ["s", "is", "adam", "step", "学习"]


# Where lines may break


def maths(latex):
    return f'<span class="math notranslate nohighlight">\\({latex}\\)</span>'


def test_a_formula_is_held_with_the_marks_beside_it():
    x = maths("x_1")
    assert held(f"设 {x}。") == f'设 <span class="nobreak">{x}。</span>'
    assert held(f"（{x}），{x} 与") == f'<span class="nobreak">（{x}），</span>{x} 与'
    assert held(f"the {x}-th of {x} ({x}).") == f'the <span class="nobreak">{x}-th</span> of {x} <span class="nobreak">({x}).</span>'
    assert held(f"<strong>除以 {x}</strong>。") == f'<strong>除以 <span class="nobreak">{x}。</span></strong>'
    assert held(held(f"({x}).")) == held(f"({x}).")


def test_a_long_word_of_code_may_break_at_its_signs():
    call = '<span class="pre">{}</span>'.format
    assert parted(call("keras.optimizers.SGD(learning_rate=0.01)")) == (
        '<span class="pre long">keras.<wbr>optimizers.<wbr>SGD(<wbr>learning_<wbr>rate=<wbr>0.01)</span>'
    )
    assert parted(call("Adam(eta=0.001)")) == call("Adam(eta=0.001)")
    rho = " ".join(map(call, ("rho", "=", "0.9)")))
    assert parted(f"{call('0.01,')} {rho}") == f'{call("0.01,")} <span class="nobreak">{rho}</span>'


def test_a_folded_cell_is_a_solution_in_the_exercises_only():
    exercises, derivation = (nodes.section("", ids=[name, f"adam-{name}-en"]) for name in ("exercises", "derivation"))
    document = nodes.section("", exercises, derivation, ids=["adam-en"])
    cells = [nodes.container() for _ in range(2)]
    exercises += nodes.section("", cells[0], ids=["two-steps"])
    derivation += cells[1]
    assert in_exercises(cells[0]) and not in_exercises(cells[1]) and not in_exercises(document)
