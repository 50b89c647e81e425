"""Clinical words and headings, and placeholders: what is caught, and what is left alone."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.policy.tables import load
from app.policy.words import words_of
from app.return_template.columns import COLUMNS

CLINICAL = [
    "diagnosis: TB", "HIV positive", "admitted to maternity ward for C-section", "chemotherapy", "has cancer",
    "NHS number 943 476 5919", "nhs no. 9434765919", "HIV", "T.B.", "12 High Street, cancer", "12 High Street (HIV+)",
    "pregnant", "Ward 7 oncology", "diabetic", "Schizophrenia", "caesarean section", "broken leg", "DIALYSIS PATIENT",
    "ＨＩＶ", "chemo\u200btherapy", "HÉPATITIS B", "treated for malaria", "kidney failure", "stroke", "ICD-10 C50.9",
    "lives with HIV House", "patient suffers from asthma", "maternity", "covid-19", "heart attack", "overdose",
    "St Example's Hospital, Ward 5, cardiology", "other: pregnant lady", "discharged 3 May", "sickle-cell crisis",
    "Ward 7B",
    "Ward 12, St Thomas' Hospital",
    "Bed 4, Royal Infirmary",
    "Bed 4 Ward 12", "Ward 12, Bed 4, Westminster Bridge Road, London", "Ward No. 5, Cubicle 2",
    "breast cancer",
    "c/o A&E department", "A&E", "a & e", "HIV clinic", "c/o cardiology department", "Oncology dept St James", "wheelchair user",
    "detained under section 3", "Cardiology Department, Lagos",
    "dengue",
]  # fmt: skip
NEUTRAL = [
    "12 Ward Road, London", "Cancer Research House", "Hospital Lane", "Doctor Street", "Fitzward Close",
    "St Thomas' Hospital, Westminster Bridge Road", "The Old Surgery, High Street", "Nurses Home, Royal Free Hospital",
    "Ward 5, District 3, Ho Chi Minh City", "Cancer Hospital Road, Lahore", "TB Hospital Road, Quetta",
    "Maternity Road", "Institute of Cardiology, Warsaw", "Stroke Association House", "Lupus Street, Pimlico",
    "HIV Clinic Road", "Trauma Unit St", "A&E House", "Flat 3, Infirmary Court", "Dr Ward", "O'Brien", "Burns", "Colón", "Mental Hospital Road, Ranchi",
    "c/o Dr Smith, 12 Hope Street", "Surgery Lane", "Stone, Kidney Lane", "Midwife Cottage",
    "Ward 5, near Bir Hospital, Kathmandu",
    "Ward No. 12, Hospital Road, Pokhara",
    "3 bed house, Ward 5, Kathmandu", "Ward 5, Ward Road 12, Lalitpur", "Ward Bed and Breakfast, 4 Ward Street",
    "Breast Cancer Now, 6 Example House",
    "Water Treatment Works", "Chest Hospital Road",
]  # fmt: skip


@pytest.mark.parametrize("text", CLINICAL)
def test_words_about_health_or_treatment_are_found(text: str):
    assert load().has_clinical_words(text)


@pytest.mark.parametrize("text", NEUTRAL)
def test_addresses_and_names_that_only_sound_medical_are_left_alone(text: str):
    assert not load().has_clinical_words(text)


def _neutral_addresses() -> list[str]:
    """Thousands of addresses, a third of them with words that hospitals and illnesses share with streets."""
    names = words_of(
        "Ward Cancer Hospital Doctor Fitzward Infirmary Surgery Maternity Stroke Clinic Lupus Nurse Burns Hope Mary "
        "Church Mill Victoria Green Station Park School London York Kings Queen Albert George Manor Bridge Castle Nelson "
        "Windsor Grange Highfield Elm Oak Ash Lime Cedar Temple Abbey Priory Chapel Orchard Lister Fleming Hodgkin "
        "Parkinson Addison Graves Down Bell Paget Labour Fever Trauma Wells Bath Spa Gandhi Nehru Lumumba Bolivar Iqbal"
    )
    kinds = ("Road", "Street", "Lane", "Close", "House", "Avenue", "Court", "Cottages", "Way", "Crescent", "Place")
    places = ("London", "Leeds, West Yorkshire", "Lagos, Nigeria", "Flat 2, Mumbai 400001", "Ward No. 4, Kathmandu")
    shapes = (
        "{n} {name} {kind}, {place}",
        "Flat {n}, St {name}'s {kind}, {place}",
        "{name} Hospital {kind} {n}, {place}",
    )
    numbers = itertools.cycle(range(1, 250))
    return [
        shape.format(n=next(numbers), name=name.title(), kind=kind, place=place)
        for shape, name, kind, place in itertools.product(shapes, names, kinds, places)
    ]


def test_fewer_than_2_in_1000_neutral_addresses_raise_a_false_alarm():
    addresses, policy = _neutral_addresses(), load()
    assert len(addresses) > 5000
    flagged = [address for address in addresses if policy.has_clinical_words(address)]
    assert len(flagged) / len(addresses) < 0.002, flagged[:20]


@given(st.text(max_size=300))
def test_no_text_whatever_makes_the_search_fail(text: str):
    policy = load()
    assert policy.has_clinical_words(text) in (True, False)
    assert policy.is_placeholder(text) in (True, False)
    assert policy.is_clinical_heading(text) in (True, False)


@pytest.mark.parametrize(
    "heading",
    ["Diagnosis", "NHS Number", "NHSNumber", "NHSNUMBER", "nhs_number", "NHS No.", "Ward", "Admitting ward", "Specialty",
     "Main Procedure", "Consultant name", "ICD-10 code", "HRG", "Treatment", "Medical history"],
)  # fmt: skip
def test_headings_of_clinical_columns_are_recognised(heading: str):
    assert load().is_clinical_heading(heading)


@pytest.mark.parametrize(
    "heading",
    [*(column.heading for column in COLUMNS), "Treatment date", "Steward", "Payment procedure", "Notes", "Hospital number",
     "Rewards", "Treatment cost", "Repayment conditions", "Result", "What to fix"],
)  # fmt: skip
def test_our_own_and_other_harmless_headings_are_not_clinical(heading: str):
    assert not load().is_clinical_heading(heading)


@pytest.mark.parametrize(
    "text",
    [
        "N/A",
        "n.a.",
        "unknown",
        "Not Known ",
        "none",
        "-",
        "--",
        "?",
        "TBC",
        "0000000",
        "000 000 000",
        "xxx",
        "No passport",
    ],
)
def test_placeholders_read_as_blank(text: str):
    assert load().is_placeholder(text)


@pytest.mark.parametrize("text", ["A1234567", "123123123", "000000001", "NA123456", "X1", "none123", "987654321"])
def test_passport_numbers_are_not_placeholders(text: str):
    assert not load().is_placeholder(text)


def test_many_texts_are_looked_through_together_as_each_alone():
    policy = load()
    clean = [f"{number} Example Road, Ward End" for number in range(120)]
    texts = [*clean, "Ward 7B", *clean, "h.i.v. clinic", "A & E", "hépatitis", *clean[:49], "Cancer Research House", ""]
    assert policy.without_clinical_words(texts) == [text for text in texts if not policy.has_clinical_words(text)]
    assert len(policy.without_clinical_words(texts)) == len(texts) - 4
