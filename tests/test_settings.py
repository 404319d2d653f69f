from __future__ import annotations

from pathlib import Path

import pytest

from sourcemix import settings
from sourcemix.errors import InputError


def test_defaults_without_any_variable() -> None:
    found = settings.load({})
    assert found == settings.Settings(cache=settings.default_cache())
    assert found.gap is None
    assert found.nodes == 300


def test_every_variable_is_read(tmp_path: Path) -> None:
    found = settings.load(
        {
            "SOURCEMIX_CACHE": str(tmp_path),
            "SOURCEMIX_LOG": "DEBUG",
            "SOURCEMIX_SEED": "7",
            "SOURCEMIX_TIME": "12.5",
            "SOURCEMIX_NODES": "40",
            "SOURCEMIX_GAP": "0",
            "SOURCEMIX_DATA": str(tmp_path / "data"),
        }
    )
    assert found == settings.Settings(
        cache=tmp_path,
        log="debug",
        seed=7,
        time=12.5,
        nodes=40,
        gap=0.0,
        data=tmp_path / "data",
    )


def test_an_empty_variable_counts_as_absent() -> None:
    assert settings.load(dict.fromkeys(settings.VARIABLES, " ")) == settings.load({})


def test_all_bad_values_are_named_at_once(tmp_path: Path) -> None:
    a_file = tmp_path / "file"
    a_file.write_text("")
    bad = {
        "SOURCEMIX_CACHE": str(a_file),
        "SOURCEMIX_LOG": "loud",
        "SOURCEMIX_SEED": "1.5",
        "SOURCEMIX_TIME": "nan",
        "SOURCEMIX_NODES": "many",
        "SOURCEMIX_GAP": "1%",
    }
    with pytest.raises(InputError) as caught:
        settings.load(bad)
    assert sorted(fault.place for fault in caught.value.faults) == sorted(bad)
    assert "SOURCEMIX_NODES: `many` cannot be used; it should be a whole number from 1 to " in str(
        caught.value
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SOURCEMIX_SEED", "-1"),
        ("SOURCEMIX_SEED", "inf"),
        ("SOURCEMIX_NODES", "0"),
        ("SOURCEMIX_TIME", "0"),
        ("SOURCEMIX_GAP", "1.01"),
        ("SOURCEMIX_GAP", "-0.1"),
    ],
)
def test_values_out_of_range_are_refused(name: str, value: str) -> None:
    with pytest.raises(InputError, match=name):
        settings.load({name: value})


def test_the_variables_are_the_settings() -> None:
    assert set(settings.VARIABLES.values()) == set(settings.Settings.__dataclass_fields__)


def test_numba_caches_in_the_users_cache_folder(tmp_path: Path) -> None:
    environ = {"SOURCEMIX_CACHE": str(tmp_path)}
    settings.numba_cache(environ)
    assert environ["NUMBA_CACHE_DIR"] == str(tmp_path / "numba")
    environ = {}
    settings.numba_cache(environ)
    assert environ["NUMBA_CACHE_DIR"] == str(settings.default_cache() / "numba")


def test_numbas_own_variable_is_left_alone() -> None:
    environ = {"NUMBA_CACHE_DIR": "elsewhere", "SOURCEMIX_CACHE": "here"}
    settings.numba_cache(environ)
    assert environ["NUMBA_CACHE_DIR"] == "elsewhere"
