"""Manners of the house that a machine can hold: sizes, names, and the one place for each kind of work."""

import ast
import re

from tests.guards.source import PROJECT, Module, modules

CLOCK = re.compile(r"(^|\.)(datetime\.(now|utcnow|today|fromtimestamp)|date\.(today|fromtimestamp)|time\.time(_ns)?)$")
WORKBOOKS = {"openpyxl", "python_calamine", "xlsxwriter", "xlrd"}
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "handler", "handlers", "misc"}


def test_the_guards_see_the_source():
    assert len(modules()) > 30


def test_every_module_says_what_it_owns_in_one_to_three_lines():
    def silent(module: Module) -> bool:
        words = (ast.get_docstring(module.tree) or "").split("\n\n")[0]
        return bool(module.tree.body) and not 1 <= len(words.splitlines()) <= 3

    assert [module.path for module in modules() if silent(module)] == []


def test_no_file_has_more_than_300_lines():
    assert [module.path for module in modules() if module.text.count("\n") > 300] == []


def test_no_function_has_more_than_40_lines():
    long = [
        f"{module.path}:{function.lineno} {function.name}"
        for module in modules()
        for function in module.functions()
        if function.end_lineno - function.lineno + 1 > 40
    ]
    assert long == []


def test_no_module_has_a_name_that_says_nothing():
    assert [module.path for module in modules() if VAGUE & set(re.split(r"[/_.]", module.path))] == []


def test_no_import_is_hidden_from_the_contracts():
    assert [module.path for module in modules() if "TYPE_CHECKING" in module.text] == []
    assert [module.path for module in modules() if re.search(r"^\s*from \.", module.text, re.M)] == []


def test_only_the_clock_reads_the_clock():
    assert where(CLOCK.search) == {"app/core/clock.py"}


def test_only_one_place_commits():
    assert where(lambda call: call.endswith(".commit")) == {"app/core/db.py"}


def test_only_one_place_writes_debts_without_the_model_which_keeps_their_words():
    """`app.debts.finding` must hear of every debt that is new or renamed; the model tells it by itself."""
    bulk = re.compile(r"\bDebt\.__table__|\binsert\(Debt\)|bulk_\w+\(Debt|INTO debts\b|UPDATE debts\b")
    assert {module.path for module in modules() if bulk.search(module.text)} == {"app/debts/posting.py"}
    renaming = re.compile(r"update\(Debt\)[^#]{0,200}values\([^)]*(_name|passport|invoice_number)")
    assert [module.path for module in modules() if renaming.search(module.text)] == []


def test_only_one_place_starts_an_engine():
    assert where(lambda call: call.split(".")[-1] == "create_engine") == {"app/core/db.py"}


def test_only_the_spreadsheet_room_knows_workbook_libraries():
    knowing = {module.path for module in modules() for name in module.imports() if name.split(".")[0] in WORKBOOKS}
    assert knowing
    assert {path for path in knowing if not path.startswith("app/core/spreadsheet/")} == set()


def test_nothing_prints_but_the_command_line():
    printing = where(lambda call: call in {"print", "sys.stdout.write", "sys.stderr.write"})
    assert {path for path in printing if not path.startswith("app/cli/")} == set()


def test_only_the_settings_read_the_environment():
    reading = {module.path for module in modules() if re.search(r"\bos\.(environ|getenv)\b", module.text)}
    assert reading <= {
        "app/settings.py",
        "app/core/spreadsheet/readers.py",
        "app/watching/listener.py",
    }  # they hand on what a child needs: its Python in order to start, where it counts


def test_tables_are_related_by_keys_and_never_by_relationship():
    assert where(lambda call: call.split(".")[-1] in {"Relationship", "relationship"}) == set()


def test_tests_never_mock_our_own_code():
    mocking = [
        module.path
        for module in modules("tests")
        if any(name.startswith(("unittest.mock", "mock", "pytest_mock")) for name in module.imports())
    ]
    assert mocking == []


def test_every_model_is_known_to_the_migrations():
    tables = (PROJECT / "app" / "tables.py").read_text()
    rooms = {path.parent.name for path in (PROJECT / "app").glob("*/models.py")}
    assert {room for room in rooms if f"from app.{room} import models" not in tables} == set()


def where(wanted) -> set[str]:
    return {module.path for module in modules() for call, _line in module.calls() if wanted(call)}
