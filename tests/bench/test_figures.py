"""What becomes of figures: judged, kept as JSON, set in a table, drawn, and written into a page."""

from xml.etree import ElementTree

import pytest

from bench import machine, pictures, report, results
from bench.figures import Figure, table
from bench.parts import PARTS
from bench.plots import Bar, bars
from bench.results import Measured, Run

SVG = "{http://www.w3.org/2000/svg}"


def run(*figures: Figure, kind: str = "usual", at: str = "2026-11-26T05:00:00+00:00") -> Run:
    return Run(kind, at, "abc1234", False, machine.facts(), 0.1, 0.2, 500, [Measured("pages", list(figures))])


def test_a_figure_is_judged_by_its_ratio_or_by_itself():
    assert Figure("x", 3.0, "s", "floor", 2.0, most=2.0).is_within is True
    assert Figure("x", 5.0, "s", "floor", 2.0, most=2.0).verdict == "OVER"
    assert Figure("x", 41.0, "ms", most_itself=40).verdict == "OVER"
    assert Figure("x", 0.0, "", most_itself=0).verdict == "yes"
    assert Figure("x", 41.0, "ms").is_within is None
    assert Figure("x", 16.0, "s", "us", 2.0, least=8.0).verdict == "yes"
    assert Figure("x", 15.0, "s", "us", 2.0, least=8.0).verdict == "UNDER"
    assert "OVER" in table([Figure("x", 41.0, "ms", most_itself=40)])


def test_a_run_comes_back_from_its_json_as_it_was():
    made = run(Figure("x", 3.0, "s", "floor", 2.0, most=2.0), Figure("y", 16.0, "s", "us", 2.0, least=8.0))
    assert results.from_json(results.to_json(made)) == made


def test_the_newest_run_of_a_kind_is_what_the_page_shows(tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(results, "KEPT", tmp_path / "kept")
    monkeypatch.setattr(results, "NEWEST", tmp_path / "results.json")
    early, late, large = run(at="2026-11-26T05:00:00+00:00"), run(at="2026-11-26T06:00:00+00:00"), run(kind="large")
    late.commit = "abc0000"  # comes first by name
    kept = [results.keep(each) for each in (early, late, large)]
    assert [file.name for file in kept] == [
        "2026-11-26-abc1234.json", "2026-11-26-abc0000.json", "2026-11-26-abc1234-large.json",
    ]  # fmt: skip
    assert (results.newest("usual"), results.newest("large"), results.newest("other")) == (late, large, None)


def test_a_missed_budget_stands_in_the_page_and_in_red(tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(results, "KEPT", tmp_path)
    monkeypatch.setattr(results, "NEWEST", tmp_path / "results.json")
    results.keep(run(Figure("team at /: server time", 140.0, "ms", most_itself=100), Figure("size", 4.0, "kB")))
    (tmp_path / "results.json").unlink()
    made = report.files()
    page = made[report.PAGE]
    assert "| pages | team at /: server time | 140 ms |  |  | ≤ 100 ms |" in page
    assert "| **missed** |" in page and "abc1234" in page
    red = [svg for svg in made.values() if 'class="missed"' in svg]
    assert len(red) == 2


def test_the_page_is_what_the_newest_kept_run_makes():
    """Written by `make bench`, or by `python -m bench.report` from the kept runs."""
    made = report.files()
    assert {file.name for file in report.PICTURES.glob("*.svg")} == {file.name for file in made} - {report.PAGE.name}
    assert [file.name for file, text in made.items() if file.read_text(encoding="utf-8") != text] == []


def test_every_part_of_the_usual_run_has_prose_and_no_prose_is_without_a_part():
    names = {part.name for part in PARTS}
    written = {file.stem for file in report.PROSE.glob("*.md")}
    assert names - written == set()
    assert written - names == {"beginning", "missed"}


def test_a_picture_stands_alone_says_its_values_and_follows_light_and_dark():
    svg = bars("Time & more", "one: 3 ms", [Bar("one", 3.0, "3 ms", "missed", 2.0), Bar("<two>", 1.0, "1 ms")])
    root = ElementTree.fromstring(svg)
    assert root.findtext(f"{SVG}title") == "Time & more" and root.findtext(f"{SVG}desc") == "one: 3 ms"
    assert "prefers-color-scheme: dark" in svg and "href" not in svg and "url(" not in svg
    widths = [float(one.get("width", 0)) for one in root.iter(f"{SVG}rect")][1:]
    assert widths[0] == pytest.approx(3 * widths[1], rel=0.01)
    assert [one.text for one in root.iter(f"{SVG}text")] == ["Time & more", "one", "3 ms", "<two>", "1 ms"]


def test_the_budgets_picture_shows_the_tightest_of_each_part_whichever_way_it_is_bound():
    made = run(Figure("wide", 10.0, "ms", most_itself=100), Figure("tight", 16.0, "s", "us", 2.0, least=10.0))
    (picture,) = [svg for name, svg in pictures.of(made).items() if name.endswith("budgets")]
    assert "pages: tight: 125%" in picture and "wide" not in picture


def test_the_report_takes_no_words_and_writes_nothing_for_one(tmp_path, monkeypatch: pytest.MonkeyPatch, capsys):
    monkeypatch.setattr(report, "PICTURES", tmp_path / "pictures")
    monkeypatch.setattr(report, "PAGE", tmp_path / "page.md")
    assert report.main(["--bogus"]) == 2
    assert '"--bogus" is not known here' in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
    assert report.main([]) == 0
    assert (tmp_path / "page.md").exists()
