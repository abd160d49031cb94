"""A file that a spreadsheet opens holds values, and nothing in it acts."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from luukku.web.kit.spreadsheets import defused, spreadsheet


def read(answer):
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize(
    "text",
    ['=HYPERLINK("http://x")', "+358 40 1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "\xa0=1", "\x0b=1"],
)  # fmt: skip
def test_text_that_would_act_is_defused(text):
    assert defused(text)[0] in "'"


@pytest.mark.parametrize("text", ["", "Pori", "a=b", "040 123", "ma–pe", "O'Hara"])
def test_other_text_stays(text):
    assert defused(text) == text


HEADS = ["No.", "=Title"]
ROWS = [
    [7, "=cmd|' /C calc'!A0", datetime(2026, 12, 8, 11, tzinfo=UTC), date(2026, 12, 9), None, ["a", "b"], True],
    [-5, "Pori; “Rauma”\nUlvila", None, None, Decimal("12.50"), [], False],
]  # fmt: skip


def test_csv_is_read_by_finnish_spreadsheets():
    answer = spreadsheet("orders", HEADS, iter(ROWS), kind="csv")

    body = read(answer)
    assert body.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(StringIO(body.decode("utf-8-sig"), newline=""), delimiter=";")) == [
        ["No.", "'=Title"],
        ["7", "'=cmd|' /C calc'!A0", "2026-12-08 13:00", "2026-12-09", "", "a, b", "Yes"],
        ["-5", "Pori; “Rauma”\nUlvila", "", "", "12.50", "", "No"],
    ]
    assert answer["Content-Disposition"].startswith('attachment; filename="orders-20')
    assert answer["Content-Type"] == "text/csv; charset=utf-8"


def test_xlsx_holds_days_and_numbers_as_such_and_no_formula():
    book = load_workbook(BytesIO(read(spreadsheet("orders", HEADS, iter(ROWS), kind="xlsx"))))

    rows = list(book.active.iter_rows())
    assert {cell.data_type for row in rows for cell in row} <= {"n", "s", "inlineStr", "d"}
    assert rows[1][0].value == 7
    assert rows[1][1].value == "'=cmd|' /C calc'!A0"
    assert rows[1][2].value == datetime(2026, 12, 8, 13)
    assert rows[2][0].value == -5


def test_xlsx_is_read_without_widening_anything():
    book = load_workbook(BytesIO(read(spreadsheet("orders/all?", HEADS, iter(ROWS), kind="xlsx"))))

    sheet = book.active
    assert sheet.title == "orders all "
    assert sheet["C2"].number_format == "d.m.yyyy h:mm"
    assert sheet.column_dimensions["C"].width >= len("30.11.2026 10:00")


def test_xlsx_column_is_as_wide_as_its_longest_line_up_to_a_limit():
    title = "Kokemuspuheenvuoro mielenterveydestä työssä"
    rows = [[7, title, f"{title}\nPori", "x" * 300, ""], [1234, "Pori", None, "", ""]]

    answer = spreadsheet("orders", ["No.", "Title", "Lines", "Long", "State"], rows, kind="xlsx")

    sheet = load_workbook(BytesIO(read(answer))).active
    widths = [sheet.column_dimensions[letter].width for letter in "ABCDE"]
    assert widths == [6, len(title) + 2, len(title) + 2, 60, 7]


def test_xlsx_holds_the_rows_beyond_those_that_are_measured(monkeypatch):
    monkeypatch.setattr("luukku.web.kit.spreadsheets.MEASURED", 1)

    answer = spreadsheet("orders", ["No."], iter([[1], [2], [3]]), kind="xlsx")

    sheet = load_workbook(BytesIO(read(answer))).active
    assert list(sheet.iter_rows(values_only=True)) == [("No.",), (1,), (2,), (3,)]
