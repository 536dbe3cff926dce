"""A sentence for everything that can be wrong with a file or a cell, each with what to do."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luoshi.cases.wording import REFUSAL
from luoshi.expectations.reading import REMEDY

Words = Mapping[str, str | Promise]

REFUSED: Words = {
    "empty": _("The file is empty: choose it again, or save it anew first."),
    "too_large": _("The file is larger than %(most)s MB: split it into several."),
    "old_format": _(
        "This is the old format of Excel (.xls): open it and save it as .xlsx, then choose that."
    ),
    "password": _("The file is protected by a password: take it off, save, and choose it again."),
    "no_table": _("This is no table: choose an .xlsx or a .csv file."),
    "web_page": _("This is a web page saved as a table: open it and save it as .xlsx."),
    "broken": _("The file is damaged: open it in a spreadsheet program and save it anew."),
    "hostile": _("The file is not built as spreadsheet programs build it, and is not opened."),
    "unpacks_too_large": _("Unpacked the file is larger than %(most)s MB: split it into several."),
    "no_workbook": _("There is no workbook in it: choose an .xlsx or a .csv file."),
    "no_sheet": _("There is no sheet with cells in it."),
    "too_many_rows": _("More than %(most)s rows: split the sheet into several files."),
    "too_many_columns": _(
        "%(there)s columns; at most %(most)s are read: delete those that are not needed."
    ),
    "too_many_cells": _(
        "Its rows and columns reach too far, perhaps through a single cell at the far end: copy "
        "the table into a new file."
    ),
    "not_calculated": _(
        "More than %(most)s formulas have no value: open the file in a spreadsheet program, let it "
        "calculate, and save it."
    ),
    "encoding": _(
        "Row %(row)s cannot be read as %(encoding)s: save the file as .xlsx, or as CSV in UTF-8."
    ),
    "mixed_encodings": _(
        "Two encodings in one file: rows %(first)s and %(row)s differ. It was probably put "
        "together from two: save each as .xlsx."
    ),
    "quotes": _("Quotation marks are wrong in row %(row)s: save the file as .xlsx."),
    "nothing_in_it": _("Nothing stands in it: choose the sheet or the file that holds the table."),
    "empty_header": _("Nothing stands in row %(row)s: give the row that names the columns."),
    "kind_gone": _("This kind of subject is no longer there: begin anew."),
    "not_yours": _("Whoever confirmed it may not enter old records: the desk does."),
    "storage_full": _("There is no room left to keep files: tell whoever runs the system."),
}

FAULTS: Words = {
    "missing": _("is empty and is needed"),
    "too_long": _("is longer than %(most)s characters: shorten it"),
    "digits_lost": _(
        "has more than 15 digits as a number, and the program dropped the last ones: enter it as "
        "text"
    ),
    "number_in_words": _("is no number; write %(write)s"),
    "date_unreadable": _("is no date: write for example 2020-06-30"),
    "in_the_future": _("lies in the future"),
    "too_long_ago": _("lies too long ago: check the year"),
    "email": _("is no e-mail address"),
    "not_among": _("is none of the choices: %(choices)s"),
    "degrees": _("is no latitude or longitude in degrees"),
    "both_degrees": _("is missing: give latitude and longitude, or neither"),
    "formula_unvalued": _(
        "is a formula without a value: let a spreadsheet program calculate it and save, or write "
        "the value"
    ),
    "formula_error": _("is an error of a formula: write the value"),
    "unknown_subject": _("is not registered: check code and name, or import it as a subject first"),
    "several_subjects": _("is the name of %(n)s: give the code"),
    "closed_subject": _("is no longer active"),
    "unknown_area": _("is no street or community of this district: write it as registered"),
    "no_code_no_name": _("Neither code nor name: one is needed"),
    "credit_code": _("is no unified social credit code: compare it letter by letter"),
    "period": _("is no period: write 2020, 2020-H1, 2020-Q2, 2020-06 or 2020-06-30"),
    "period_ahead": _("begins after the day on which it was reported: check both"),
    "share_as_fraction": _(
        "A cell that shows %(write)s%% holds a hundredth of it: write %(write)s without the "
        "sign, or make the cell text"
    ),
    "nothing_reported": _("No figure in this row"),
    "differs": _(
        "differs from %(before)s, which was reported before: give the reason of the correction"
    ),
    "not_taken": _("could not be taken in: %(why)s"),
}

NOTES: Words = {
    "category_unknown": _("Category unknown here: the desk will classify"),
    "place_unknown": _("No registered place is named: the desk will locate"),
    "numbers_as_text": _("Numbers stored as text, read as numbers"),
    "contacts": _("With a name, phone or e-mail, sealed at once"),
}

TOLD: Words = {
    "hidden_rows": _("%(n)s rows are hidden in the sheet; they are read too: %(some)s"),
    "hidden_columns": _("%(n)s columns are hidden in the sheet; they are read too: %(some)s"),
    "merged": _(
        "%(n)s merged areas; only the first cell of each has the value, the others are empty: "
        "%(some)s"
    ),
    "formulas": _("%(n)s formulas; their last calculated value is used"),
    "macros": _("The file carries macros; they are neither run nor kept"),
    "encoding": _("Read as %(n)s"),
}


def refused(code: str, details: Mapping[str, Any] | None = None) -> str:
    said = REFUSED.get(code) or REFUSAL.get(code) or REFUSED["broken"]
    return str(said) % (details or {})


def fault(code: str, details: Mapping[str, Any] | None = None) -> str:
    said = FAULTS.get(code) or REMEDY.get(code) or REFUSAL.get(code) or FAULTS["missing"]
    return str(said) % (details or {}) if "%(" in str(said) else str(said)
