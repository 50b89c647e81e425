"""What to say to a trust whose file did not count, by the code of the rule that refused it. Pure."""

ADVICE: dict[str, str] = {
    "F01": "Ask them to open the file in their spreadsheet program and to save it again as .xlsx. If that fails, a fresh "
           "template and a copy of the rows will do.",
    "F02": "Ask them to take the password off (in Excel: File, Info, Protect Workbook) and to upload the file again.",
    "F03": "Ask them to remove pictures and other sheets, or to send the rows in two files: each adds to the one before.",
    "F04": "Ask them to copy the headings and rows, nothing else, into a fresh template, or to send the rows in several files.",
    "F05": "Ask them to download the template for the month and to copy their rows under its headings.",
    "F06": "Ask them to download their own template, and to check whose rows the file holds before they copy any.",
    "F07": "Ask which month they meant. Each month has a template of its own, and the month is chosen at the upload.",
    "F08": "Ask them to copy the rows as values into a fresh template: macros and links to other files are not taken.",
    "F09": "Ask them to delete the whole column before they send the file again. Nothing of it was kept.",
    "F10": "If they have no new debts and no changes, show them the nil return.",
    "F11": "Their file holds a virus: tell them to turn to their own IT team, then to enter the month in a fresh template.",
}  # fmt: skip
REFUSED = "Ask them what the service told them at the upload, and to send the file again from a fresh template."
EVERY_ROW_WENT_BACK = (
    "Nothing of the file was taken, so the month still counts as not sent. Ask them to open Rows to mend: its workbook says "
    "beside each row what to change, and can be uploaded as it is."
)


def advice(code: str | None) -> str:
    """For the code of a refusal; without a code, for a file of which every row went back."""
    return EVERY_ROW_WENT_BACK if code is None else ADVICE.get(code, REFUSED)
