"""What is published holds no place, host or secret of whoever wrote it."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE = 400

HOME = re.compile(r"/(?:home|Users|root|work|mnt|srv)/[A-Za-z0-9._-]+/")
TOKENS = (
    re.compile(r"\bxox[abeprs]-[0-9]{8,}-[A-Za-z0-9-]{8,}"),
    re.compile(r"\bxapp-[0-9]-[A-Z0-9]{8,}-[0-9]{8,}-[0-9a-f]{16,}"),
    re.compile(r"\bwhsec_[A-Za-z0-9+/]{40,}={0,2}"),
    re.compile(r"hooks\.slack\.com/(?:services|commands|actions)/T[A-Z0-9]{7,}/"),
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
)
PUBLIC = {"pypi.org", "files.pythonhosted.org"}


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def texts() -> list[tuple[str, str]]:
    """Each tracked file that is text, by its name."""
    found = []
    for file in tracked():
        content = file.read_bytes()
        if b"\0" not in content:
            found.append((file.relative_to(ROOT).as_posix(), content.decode()))
    return found


def registry_hosts() -> set[str]:
    """Hosts that pip here is told to use, but for those that everybody uses."""
    config = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    variables = " ".join(
        value for name, value in os.environ.items() if "INDEX" in name or "PROXY" in name.upper()
    )
    urls = re.findall(r"https?://[^\s'\"]+", f"{config} {variables}")
    hosts = {urlsplit(url).hostname or "" for url in urls}
    return {host for host in hosts if "." in host and not host.startswith("127.")} - PUBLIC


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    assert {name: found.group() for name, text in texts() if (found := HOME.search(text))} == {}


def test_no_file_names_a_private_package_registry() -> None:
    hosts = registry_hosts()
    assert {name for name, text in texts() if any(host in text for host in hosts)} == set()


@pytest.mark.parametrize("pattern", TOKENS, ids=lambda pattern: pattern.pattern[:16])
def test_no_file_holds_what_looks_like_a_real_secret(pattern: re.Pattern[str]) -> None:
    assert {name for name, text in texts() if pattern.search(text)} == set()


def test_no_python_file_is_too_long_to_read() -> None:
    long = {name: text.count("\n") for name, text in texts() if name.endswith(".py")}
    assert {name: lines for name, lines in long.items() if lines > LONGEST_FILE} == {}


def test_names_of_tests_are_sentences() -> None:
    """A table of cases may be called by a noun: its cases say the rest."""
    short = [
        f"{name}: {node.name}"
        for name, text in texts()
        if name.startswith("tests/") and name.endswith(".py")
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and node.name.count("_") < 3
        and "parametrize" not in "".join(map(ast.dump, node.decorator_list))
    ]
    assert short == []


def test_scripts_can_be_run() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
