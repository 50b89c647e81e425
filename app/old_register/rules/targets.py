"""THE list of what a column of the old register may be, with the words that such headings are known by."""

from app.core.spreadsheet.headings import heading_key
from app.return_template.columns import COLUMNS

ORGANISATION, FIRST_REPORTED, ON_THE_INDEX = "organisation", "first_reported", "on_warnings_index"
LEFT_OUT = "-"
JOINED = frozenset({"uk_address", "overseas_address"})  # several columns may make up one of these
MANDATORY = (ORGANISATION, "invoice_number", "invoice_date", "status", "family_name")
AMOUNTS = ("invoice_amount", "amount_outstanding")  # one of the two is enough

LABELS: dict[str, str] = {
    ORGANISATION: "Organisation",
    **{column.key: column.heading for column in COLUMNS},
    FIRST_REPORTED: "First reported",
    ON_THE_INDEX: "On the Warnings Index",
}

# Besides key and label. The words that come first are the better match when two columns could be the same.
_SYNONYMS: dict[str, str] = {
    ORGANISATION: "organisation code|organisation name|trust code|trust name|trust|NHS trust|ODS code|provider code|"
    "provider|hospital trust|health board|NHS body|reporting body|reporting organisation|reported by",
    "invoice_number": "invoice no|invoice num|invoice ref|invoice reference|invoice|inv no|inv number|debt reference",
    "invoice_date": "date of invoice|date of debt|debt date|inv date|invoice raised|date invoice raised",
    "invoice_amount": "invoice amount|amount of invoice|invoice value|invoice total|original amount|original debt|"
    "total amount|amount invoiced|debt amount|amount of debt|amount",
    "amount_outstanding": "amount outstanding|outstanding|outstanding amount|outstanding balance|balance|balance due|"
    "amount owed|amount due|debt outstanding amount|current balance",
    "status": "status|status of debt|current status|payment status|repayment status",
    "status_date": "date of status|status changed|date status changed|status from|last update|date updated",
    "family_name": "surname|last name|patient surname|debtor surname|patient family name|family names",
    "given_names": "given name|forename|forenames|first name|first names|patient forename|debtor forename|christian name",
    "other_names": "aliases|alias|also known as|AKA|maiden name|previous names|former names|middle names",
    "date_of_birth": "DOB|D.O.B.|birth date|birthdate|patient DOB|born",
    "sex": "gender|M/F",
    "nationality": "country of nationality|citizenship|nationality code",
    "passport_number": "passport number|passport no|passport|travel document number|travel document|document number",
    "home_office_reference": "home office ref|HO reference|HO ref|HOREF|UAN|unique application number|CID reference",
    "ni_number": "NI number|NI no|NINO|national insurance no|national insurance",
    "uk_address": "address in the UK|UK address line 1|address|address 1|address 2|address 3|address line 1|"
    "address line 2|address line 3|home address|last known address",
    "uk_postcode": "postcode|post code|postal code",
    "overseas_address": "address overseas|address abroad|foreign address|overseas address 1|overseas address 2|"
    "address in home country|overseas address line 1|overseas address line 2",
    "site": "site|hospital name|hospital where treated|location",
    "patient_informed": "patient informed|patient told|informed|patient notified|fair processing notice given",
    "your_reference": "trust reference|reference|ref|case reference|notes reference|account number",
    FIRST_REPORTED: "date reported|date first reported|reported on|date received|date added|month reported|date of report",
    ON_THE_INDEX: "on WI|WI|warnings index|on warning index|flag|flagged|WI flag|on watch list|watchlist|marker",
}  # fmt: skip

WORDS: dict[str, tuple[str, ...]] = {key: (key, label, *_SYNONYMS[key].split("|")) for key, label in LABELS.items()}
BY_WORD: dict[str, tuple[str, int]] = {}
for _target, _words in WORDS.items():
    for _rank, _word in enumerate(_words):
        BY_WORD.setdefault(heading_key(_word), (_target, _rank))
