"""The rules of the house, read off its source. Quality that lives here is kept."""

from __future__ import annotations

import ast
import base64
import gzip
import hashlib
import importlib.util
import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

HOUSE = Path(__file__).resolve().parent.parent
ROOMS = HOUSE / "p2p"
TESTS = HOUSE / "tests"
VENDOR = ROOMS / "static" / "vendor"

# Where a statement may be built besides queries.py, the base and migrations: file → functions. Only a thing's lookup
# of itself belongs here (its number, its references), never a question somebody asks.
SELECTS_ALLOWED = {
    "p2p/__init__.py": {"_health"},
    "p2p/setup/models.py": {"next"},
    "p2p/setup/shipped.py": {"ship_when_empty", "_ship_new_lists"},
    "p2p/web.py": {"repeated"},
}
COMMITS_ALLOWED = {"p2p/bench/world.py": "builds databases of its own"}
MARKUP_ALLOWED = {
    "p2p/markdown.py": "nh3 cleaned it",
    "p2p/board/cards.py": "escapes each option once instead of once per card",
    "p2p/leads/rows/menus.py": "escapes each option once instead of once per row",
}
FORBIDDEN_NAMES = re.compile(r"(^|_)(utils?|helpers?|managers?|data|info|misc|common)(_|$)")
LONGEST_MODULE, LONGEST_FUNCTION = 260, 40
# One table that grows by a row with every door: in pieces it would be harder to read, not easier.
TABLES = {"p2p/identity/policy.py": 320}
SCRIPT_LIMIT = 10 * 1024


def sources(*folders: Path) -> Iterator[tuple[str, Path]]:
    for folder in folders or (ROOMS,):
        for path in sorted(folder.rglob("*.py")):
            if "__pycache__" not in path.parts:
                yield path.relative_to(HOUSE).as_posix(), path


def templates() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOMS / "templates").rglob("*")):
        if path.is_file():
            yield path.relative_to(HOUSE).as_posix(), path.read_text(encoding="utf-8")


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Every call in a module: the last word of what is called, and the call."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute)):
            yield node.func.id if isinstance(node.func, ast.Name) else node.func.attr, node


def all_well(complaints: list[str], rule: str) -> None:
    assert not complaints, f"{rule}\n- " + "\n- ".join(complaints)


# -- modules ----------------------------------------------------------------------------------------------------------


def function_around(path: Path, line: int) -> str:
    """The innermost function a line stands in, or nothing."""
    found = [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.lineno <= line <= (node.end_lineno or 0)
    ]
    return max(found, key=lambda node: node.lineno).name if found else ""


def may_select(name: str, path: Path, line: int) -> bool:
    if path.name == "queries.py" or name == "p2p/db.py" or name.startswith(("p2p/history", "p2p/migrations/")):
        return True
    return function_around(path, line) in SELECTS_ALLOWED.get(name, set())


def builds_statement(called: str, call: ast.Call) -> bool:
    # `.select` and `.text` of other things, a file's or a page's, are not meant.
    plain = isinstance(call.func, ast.Name) or getattr(getattr(call.func, "value", None), "id", "") in {"sa", "db"}
    return called in {"select", "text", "union_all", "lateral"} and plain


def test_statements_are_built_in_queries_only() -> None:
    found = [
        f"{name}:{call.lineno} {called}( in {function_around(path, call.lineno) or 'the module'}"
        for name, path in sources()
        for called, call in calls(path)
        if builds_statement(called, call) and not may_select(name, path, call.lineno)
    ]
    all_well(found, "Questions have names: move it to queries.py, or list a thing's own lookup in SELECTS_ALLOWED.")


def may_commit(name: str) -> bool:
    return Path(name).name in {"views.py", "cli.py", "commands.py", "starting.py", "jobs.py"} or name in COMMITS_ALLOWED


def test_only_doors_commit() -> None:
    found = [
        f"{name}:{call.lineno}"
        for name, path in sources()
        if not may_commit(name) and not name.startswith("p2p/migrations/")
        for called, call in calls(path)
        if called == "commit"
    ]
    all_well(found, "A verb never commits; the view, the command or the job commits once.")


def test_models_and_queries_know_no_request() -> None:
    upward = re.compile(r"p2p\.(web|forms)\b|p2p\.\w+\.(views|forms)\b|(flask|wtforms|flask_wtf)(\.|$)")
    found = []
    for name, path in sources():
        if path.name in {"models.py", "queries.py", "states.py"}:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                heads = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                heads += [f"{head}.{each.name}" for head in heads for each in node.names]  # from p2p import web
                heads += [each.name for each in node.names] if isinstance(node, ast.Import) else []
                found += [f"{name}:{node.lineno} imports {head}" for head in heads if upward.match(head)]
    all_well(found, "Nothing flows back up: models and queries import no form, view, request or web.py.")


def test_modules_and_functions_stay_short() -> None:
    found = []
    for name, path in sources():
        if name.startswith("p2p/migrations/"):
            continue
        source = path.read_text(encoding="utf-8")
        lines = source.count("\n")
        longest = TABLES.get(name, LONGEST_MODULE)
        if lines > longest:
            found.append(f"{name} has {lines} lines (at most {longest})")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    found.append(f"{name}:{node.lineno} {node.name} has {length} lines (at most {LONGEST_FUNCTION})")
    all_well(found, "What grows long hides a noun: look for it.")


def test_modules_are_named_for_what_they_are() -> None:
    found = [name for name, path in sources(ROOMS, TESTS) if FORBIDDEN_NAMES.search(path.stem)]
    all_well(found, "Such names say nothing about what is inside.")


def test_no_module_is_empty() -> None:
    found = [
        name for name, path in sources(ROOMS, TESTS) if path.name != "__init__.py" and not path.read_bytes().strip()
    ]
    all_well(found, "Empty files do not exist.")


def test_tests_are_found() -> None:
    found = [
        name
        for name, path in sources(TESTS)
        if not path.name.startswith("test_")
        and re.search(r"^def test_", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    all_well(found, "pytest only looks into files called test_….py.")


# -- templates and scripts --------------------------------------------------------------------------------------------

FORBIDDEN_IN_TEMPLATES = {
    r"\|\s*safe\b": "escape, or build the markup in a macro",
    r"\{%-?\s*autoescape\s+false": "autoescape stays on",
    r"\shx-on\b|\sdata-hx-on\b": "needs eval",
    r"=\s*[\"']\s*(js|javascript):": "needs eval",
    r"hx-trigger=[\"'][^\"']*\[": "a trigger filter needs eval, the request is never sent",
    r"\s(data-)?hx-(ext|vars|params|request|history|disinherit|inherit|disabled-elt|prompt|sse|ws)\b": "not htmx 4",
    r"\s(data-)?hx-boost\b": "links stay plain",
    r"\s(sse-swap|sse-connect|ws-connect|ws-send)=": "not htmx 4",
    r"hx-swap=[\"'](beforebegin|afterbegin|beforeend|afterend|morph)": "not an htmx 4 style",
    r"htmx:[a-z]+[A-Z]": "htmx 4 spells events htmx:after:swap",
    r"<body[^>]*\shx-headers=": "must be hx-headers:inherited",
    r"\shx-(put|patch|delete)\b": "has no plain form",
    r"\sstyle\s*=": "the policy blocks it",
    r"\son[a-z]+\s*=": "the policy blocks it",
    r"<style\b": "the policy blocks it",
    r"<script\b(?![^>]*\bsrc=)": "the policy blocks it",
    r"<[^<>]*\s[\w:-]+=\{\{": "an unquoted value lets text become attributes",
    r"\bMarkup\(": "markup is made in macros",
}


def forbidden_spellings(source: str) -> Iterator[str]:
    """What no template may contain, as ``line: text (why)``. Jinja comments may talk about it."""
    bare = re.sub(r"\{#.*?#\}", lambda found: "\n" * found[0].count("\n"), source, flags=re.DOTALL)
    for pattern, why in FORBIDDEN_IN_TEMPLATES.items():
        for found in re.finditer(pattern, bare):
            line = bare.count("\n", 0, found.end()) + 1
            yield f"{line}: {found[0].strip()[-60:]} ({why})"


@pytest.mark.parametrize(
    "source",
    [
        "{{ note|safe }}", "{{ note | safe }}", "{% autoescape false %}", "<p hx-on:click='x'>", "<p hx-vals='js:x'>",
        '<p hx-trigger="click[ctrlKey]">', "<p hx-disabled-elt='this'>", "<p data-hx-ext='x'>",
        '<p hx-swap="beforeend">',
        "<p hx-trigger='htmx:afterSwap'>", "<body hx-headers='{}'>", "<p style='x'>", "<p onclick='x'>", "<style>",
        "<script>x</script>", "<p class={{ name }}>", "{{ Markup(note) }}", "<p hx-delete='/x'>", "<p hx-boost='true'>",
    ],
)  # fmt: skip
def test_a_forbidden_spelling_is_noticed(source: str) -> None:
    assert list(forbidden_spellings(source))


@pytest.mark.parametrize(
    "source",
    [
        "{# never |safe, hx-on or style= #}", '<body hx-headers:inherited=\'{"a": "b"}\'>', '<script src="a.js" defer>',
        '<p hx-swap="outerMorph" hx-trigger="changed from:body">', '<p class="{{ name }}" hx-disable="find button">',
        "{{ forms.field(form.subject, options={}) }}", "{% set on=1 %}", "{{ f(x={{}}) }}",
    ],
)  # fmt: skip
def test_an_allowed_spelling_is_left_alone(source: str) -> None:
    assert not list(forbidden_spellings(source))


def test_templates_are_free_of_forbidden_spellings() -> None:
    found = [f"{name}:{complaint}" for name, source in templates() for complaint in forbidden_spellings(source)]
    all_well(found, "A template must work under the strict policy and with htmx 4.")


def test_templates_end_in_html() -> None:
    # Autoescape goes by the suffix.
    found = [name for name, _ in templates() if not name.endswith(".html")]
    all_well(found, "Only .html is escaped automatically.")


def test_markup_is_made_in_few_places() -> None:
    found = [
        f"{name}:{call.lineno}"
        for name, path in sources()
        if name not in MARKUP_ALLOWED
        for called, call in calls(path)
        if called == "Markup"
    ]
    all_well(found, "Markup( switches escaping off: use a template.")


def test_own_scripts_stay_small() -> None:
    sizes = {path.name: len(gzip.compress(path.read_bytes())) for path in (ROOMS / "static").glob("*.js")}
    assert sum(sizes.values()) < SCRIPT_LIMIT, f"own scripts together stay under 10 KB compressed: {sizes}"


def test_own_scripts_need_no_eval() -> None:
    evil = re.compile(r"\beval\(|new Function\(|\.innerHTML\s*=|\.outerHTML\s*=|insertAdjacentHTML|document\.write")
    found = [
        f"{path.name}:{number} {line.strip()[:80]}"
        for path in sorted((ROOMS / "static").glob("*.js"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if evil.search(line)
    ]
    all_well(found, "Scripts carry no markup and evaluate nothing; the server sends the markup.")


def vendored() -> dict[str, str]:
    """File → sha384 in base64, from whatever line names both."""
    lines = (VENDOR / "VENDOR.txt").read_text(encoding="utf-8").splitlines() if VENDOR.is_dir() else []
    pairs = [
        (re.search(r"[\w.-]+\.(js|css|woff2|svg)\b", line), re.search(r"[A-Za-z0-9+/]{64}", line)) for line in lines
    ]
    return {file[0]: digest[0] for file, digest in pairs if file and digest}


def test_vendored_files_are_what_was_published() -> None:
    listed = vendored()
    found = []
    for path in sorted(VENDOR.rglob("*")):
        if path.is_dir() or path.name.startswith(("VENDOR", "LICENSE", "OFL")):
            continue
        digest = base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()
        if listed.get(path.name) != digest:
            found.append(f"{path.name} is {digest}, listed as {listed.get(path.name)}")
    found += [f"{name} is listed but not there" for name in listed if not (VENDOR / name).exists()]
    all_well(found, "Files of others stay byte for byte as published, and VENDOR.txt lists them all.")


# -- doors ------------------------------------------------------------------------------------------------------------


def test_every_door_has_a_row_in_the_policy(request: pytest.FixtureRequest) -> None:
    if importlib.util.find_spec("p2p.identity") is None or importlib.util.find_spec("p2p.identity.policy") is None:
        pytest.skip("the policy table is not written yet")
    policy: Any = importlib.import_module("p2p.identity.policy")
    try:
        app = request.getfixturevalue("app")
    except pytest.FixtureLookupError:
        pytest.skip("there is no application to ask yet")
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    all_well(sorted(endpoints - set(policy.DOORS)), "Default deny: a door without a row in DOORS opens to nobody.")
    all_well(sorted(set(policy.DOORS) - endpoints), "DOORS has rows for doors that are not there.")


# -- the top level ----------------------------------------------------------------------------------------------------


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def needed(name: str, extras: frozenset[str], seen: dict[str, str]) -> dict[str, str]:
    """Every distribution that an installation of ``name`` with these extras brings here: name → version."""
    try:
        found = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return seen
    for line in found.requires or []:
        wanted = Requirement(line)
        applies = wanted.marker is None or any(wanted.marker.evaluate({"extra": extra}) for extra in {"", *extras})
        key = f"{normal(wanted.name)}[{','.join(sorted(wanted.extras))}]"
        if applies and key not in seen:
            try:
                seen[key] = metadata.version(wanted.name)
            except metadata.PackageNotFoundError:
                seen[key] = "missing"
            needed(wanted.name, frozenset(wanted.extras), seen)
    return seen


def test_constraints_pin_everything_installed() -> None:
    lines = (HOUSE / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = {}
    for line in lines:
        if line and not line.startswith("#"):
            pin = Requirement(line)
            assert re.fullmatch(r"==[\w.]+", str(pin.specifier)), f"constraints.txt: '{line}' is no exact version"
            pins[normal(pin.name)] = str(pin.specifier).removeprefix("==")
    versions = {key.partition("[")[0]: version for key, version in needed("p2p", frozenset({"test"}), {}).items()}
    found = [
        f"{name}=={version} is installed, pinned is {pins.get(name, 'nothing')}"
        for name, version in sorted(versions.items())
        if version != "missing" and pins.get(name) != version
    ]
    all_well(found, "constraints.txt pins every package of the base and the tests: run pip freeze and take it over.")


# Built from pieces, so that this file does not find itself.
MACHINE = re.compile(r"(?<![\w.:/-])/(" + "|".join(["work", "root", "home"]) + r")/|(?<![\w.])/" + r"tmp/")
HOSTS = re.compile(
    "|".join(["py" + r"pi\.org", "python" + "hosted", "registry" + r"\.npm", "deb" + r"\.debian", "arti" + "factory"])
)
NOT_OURS = {".git", ".venv", ".hypothesis", "instance", "node_modules", "vendor", "__pycache__"}
TEXTS = {".py", ".html", ".js", ".css", ".txt", ".toml", ".md", ".ini", ".mako", ".lock", ""}


def files_of_the_house() -> Iterator[Path]:
    for path in sorted(HOUSE.rglob("*")):
        inner = path.relative_to(HOUSE).parts
        foreign = NOT_OURS.intersection(inner) or any(part.endswith(("_cache", ".egg-info")) for part in inner)
        if not foreign and path.suffix in TEXTS and path.is_file():
            yield path


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = [
        f"{path.relative_to(HOUSE)}:{number} {line.strip()[:100]}"
        for path in files_of_the_house()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if MACHINE.search(line) or HOSTS.search(line)
    ]
    all_well(found, "The house stands anywhere: no paths of one machine, no registry hosts.")


def test_the_top_level_is_fixed() -> None:
    known = {
        "app.py",
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "p2p",
        "tests",
        "instance",
        "constraints.txt",
        "uv.lock",
    }
    found = [path.name for path in HOUSE.iterdir() if path.name not in known and not path.name.startswith(".")]
    all_well(sorted(found), "The top level is fixed: put it into a room.")
