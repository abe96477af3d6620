"""A chart's numbers, read by people and by programs."""

from datetime import date

from postboard.charts.spec import Chart, Column, Table, Unit, figure_text, says
from postboard.charts.table import as_csv, rows
from postboard.locale import N_
from postboard.locale.catalogue import text

CHART = Chart(
    "any",
    "Any?",
    table=Table(
        (Column("Post"), Column("Day"), Column("Rate", Unit.PERCENT), Column("n", Unit.COUNT)),
        (
            (says(N_("n = {n}"), n=2), date(2026, 3, 2), 0.0634567, 1_234),
            ('=HYPERLINK("http://example")', date(2026, 3, 3), None, 0),
        ),
    ),
)


def test_people_read_rounded_figures_and_a_dash_for_what_is_not_known():
    assert rows(CHART, text("en")) == [
        ["Post", "Day", "Rate", "n"],
        ["n = 2", "Mon, Mar 2, 2026", "0.063%", "1,234"],
        ['=HYPERLINK("http://example")', "Tue, Mar 3, 2026", "–", "0"],
    ]


def test_programs_read_them_in_full_and_no_cell_is_a_formula():
    assert as_csv(CHART, text("en")).splitlines() == [
        "Post,Day,Rate (%),n",
        "n = 2,2026-03-02,0.0634567,1234",
        """"'=HYPERLINK(""http://example"")",2026-03-03,,0""",
    ]


def test_days_and_sentences_are_in_the_readers_language():
    assert rows(CHART, text("zh-CN"))[1][1] == "2026 年 3 月 2 日周一"


def test_figures_are_written_with_as_many_digits_as_tell_them_apart():
    percents = (0.0, 0.035, 0.063, 0.47, 1.16, 16.34, 1_234.5)
    assert [figure_text(value, Unit.PERCENT) for value in percents] == [
        "0%",
        "0.035%",
        "0.063%",
        "0.47%",
        "1.16%",
        "16.3%",
        "1,234.5%",
    ]
    assert [
        figure_text(None),
        figure_text(0),
        figure_text(1_234_567),
        figure_text(10.5),
        figure_text(3.4, Unit.TIMES),
        figure_text(2.0, Unit.DAYS),
        figure_text(1.255, Unit.MONEY),
    ] == ["–", "0", "1,234,567", "10.5", "3.4×", "2", "1.25"]
