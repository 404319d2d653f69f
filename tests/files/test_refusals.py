"""Files that are dangerous, unreadable or not what they should be are refused in plain words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sourcemix import files
from sourcemix.errors import FileError, InputError

HEAD = "sourcemix: 1\ntitle: x\n"
HERE = Path(__file__).parent


def refused(text: str, format: files.Format = "yaml") -> str:
    with pytest.raises(InputError) as caught:
        files.case_from(text, format)
    return str(caught.value)


def _bomb() -> str:
    lines = ["a0: &a0 [x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 30)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            HEAD + "a: !!python/object/apply:os.system [ls]",
            "line 3, a: the tag `tag:yaml.org,2002:",
        ),
        (HEAD + "a: !x b", "line 3, a: the tag `!x` is not allowed"),
        (HEAD + "a: !!str b", "is not allowed"),
        (_bomb(), "line 1, a0: `&a0`: anchors (`&`) and aliases (`*`) are not allowed"),
        (HEAD + "a: *b", "line 3, a: `*b`: anchors"),
        (HEAD + "a: [x, {b: [y, !x z]}]", "line 3, a[1].b[1]: the tag `!x`"),
        (HEAD + "a:\n  - b: 1\n  - &x c", "line 5, a[1]: `&x`"),
        (HEAD + "---\na: 1", "line 3: a second document begins here"),
        (HEAD + "title: y", "line 3, title: `title` is given twice (first on line 2)"),
        (HEAD + "a: .nan", "line 3, a: `.nan` is not a number that can be used"),
        (HEAD + "a: [-.INF]", "line 3, a[0]: `-.INF` is not a number that can be used"),
        (HEAD + "a: 1e999999999", "line 3, a: `1e999999999` is far beyond any figure"),
        ("[" * 100_000, "nested more than 40 levels deep"),
        ("{a: " * 100_000, "nested more than 40 levels deep"),
        ("- " * 50_000, "nested more than 40 levels deep"),
        ("".join(f"{' ' * i}a:\n" for i in range(2000)), "line 41: the file is nested more than"),
        (HEAD + "? [a, b]\n: 1", "line 3: a field's name should be plain text"),
        (HEAD + "a: b: c", "line 3: a colon is not expected here"),
        (HEAD + 'a: "b', "line 3: a quotation mark is not closed"),
        (HEAD + 'a: "b\nc: 1\nd: 2\n', "line 3: a quotation mark is not closed"),
        (HEAD + "a:\n\tb: 1", "line 4: this character cannot stand here"),
        (HEAD + "a: [1, 2", "line 3: a comma or a closing bracket is missing"),
        (HEAD + "- a", "line 3: the line is indented differently"),
        (HEAD + "a: \x07", "line 3: the character U+0007 is not allowed"),
        ("- a\n- b", "the file holds a list; at its top level it should have fields"),
        ("hello", "the file holds a single value"),
        (" \n# nothing\n", "the file is empty"),
    ],
)
def test_yaml(text: str, message: str) -> None:
    assert message in refused(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 100_000, "nested more than 40 levels deep"),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "nested more than 40 levels deep"),
        ("[" * 60 + "]" * 60, "nested more than 40 levels deep"),
        ('{"sourcemix": 1, "title": NaN}', "title: `NaN` is not a number that can be used"),
        ('{"sourcemix": 1, "a": [-Infinity]}', "a[0]: `-Infinity` is not a number"),
        ('{"sourcemix": 1, "title": "x", "title": "y"}', "title: `title` is given twice"),
        ('{"sourcemix": 1, "a": 1e999999999}', "a: `1e999999999` is far beyond any figure"),
        ('{"sourcemix": 1, "a": ' + "9" * 100_000 + "}", "is far beyond any figure"),
        ('{"a": 1,\n}', "a comma too many"),
        ('{"a" 1}', "line 1: a colon is missing"),
        ('{"a": 1} x', "line 1: something follows the end"),
        ("[]", "the file holds a list"),
        ("null", "the file is empty"),
    ],
)
def test_json(text: str, message: str) -> None:
    assert message in refused(text, "json")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.yaml", b"", "the file is empty"),
        ("a.json", b" \n", "the file is empty"),
        ("a.yaml", b"\x00\x01\xff", "this is not a text file"),
        (
            "a.yaml",
            "sourcemix: 1\ntitle: caf\xe9".encode("latin-1"),
            "not in UTF-8 (first at line 2)",
        ),
        ("a.yaml", HEAD.encode("utf-16"), "the file is in UTF-16; save it as UTF-8"),
        ("a.xlsx", b"PK\x03\x04", "reading workbooks comes later: save it as YAML"),
        ("a.xls", b"", "reading workbooks comes later: save it as YAML"),
        ("a.yaml", b"PK\x03\x04", "reading workbooks comes later: save it as YAML"),
    ],
)
def test_files_that_are_something_else(
    name: str, content: bytes, message: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FileError) as caught:
        files.read(path)
    assert message in str(caught.value)
    assert caught.value.source == str(path)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("large.yaml", "100 MB; YAML files may have up to 5 MB; save it as JSON"),
        ("large.json", "100 MB; JSON files may have up to 95 MB"),
    ],
)
def test_a_large_file_is_refused_by_its_size_before_it_is_opened(
    name: str, message: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        file.truncate(100_000_000)
    with pytest.raises(FileError, match=message):
        files.read(path)


def test_absent_files_folders_and_odd_names(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="there is no such file"):
        files.read(tmp_path / "absent.yaml")
    with pytest.raises(FileError, match="this is a folder"):
        files.read(tmp_path)
    with pytest.raises(FileError, match="cannot be the name of a file"):
        files.read("a\0b.yaml")


def test_a_byte_order_mark_and_an_unusual_name_do_not_matter(tmp_path: Path) -> None:
    event = files.read(HERE / "design_event.yaml")
    for name, format in (("event", "yaml"), ("event.txt", "json")):
        path = tmp_path / name
        text = files.dumps(event, "json" if format == "json" else "yaml")
        path.write_bytes(b"\xef\xbb\xbf" + text.encode())
        assert files.read(path) == event


def test_a_document_of_another_kind_is_named() -> None:
    with pytest.raises(InputError, match="this is an event, and a case is wanted here"):
        files.read_case(HERE / "design_event.yaml")
    with pytest.raises(InputError, match="this is a case, and an award is wanted here"):
        files.read_award(HERE / "design_case.yaml")


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        (2, "made for a newer Sourcemix (format 2; this one reads format 1)"),
        (0, "there is no format 0"),
        ("x", "should be 1, the version of the format; it is `x`"),
        (True, "should be 1, the version of the format"),
        ([1], "should be 1, the version of the format"),
    ],
)
def test_other_versions(stated: object, message: str, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"sourcemix": stated, "nonsense": 1}))
    for use in (files.read, files.migrate):
        with pytest.raises(InputError) as caught:
            use(path)
        assert message in str(caught.value)
        assert len(caught.value.faults) == 1


def test_a_file_without_its_version_says_what_to_add(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("title: x\n")
    wanted = "add the line `sourcemix: 1` at the top of the file"
    for use in (files.read, files.migrate):
        with pytest.raises(InputError) as caught:
            use(path)
        assert wanted in caught.value.faults[0].message
