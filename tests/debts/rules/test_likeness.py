"""How alike two persons are, in points and in words."""

from dataclasses import dataclass, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.debts.rules import likeness
from app.debts.rules.keys import day_of, keys_of, may_be_one_day
from app.debts.rules.likeness import TABLE, THRESHOLD, Evidence, in_words
from app.debts.rules.names import Alike, alike, sound_of, words_of


@dataclass(frozen=True)
class Person:
    family_name: str = "Okafor"
    given_names: str = "Ada"
    other_names: str | None = None
    date_of_birth: date | None = date(1985, 4, 7)
    sex: str | None = "female"
    nationality: str | None = "NGA"
    passport_number: str | None = "A1234567"
    home_office_reference: str | None = None
    ni_number: str | None = None
    uk_postcode: str | None = "ZZ1 1AA"


ADA = Person()


def reasons(**changes: object) -> tuple[list[str], list[str], bool]:
    """For Ada and somebody a little different: what speaks for one person, what does not, and whether a person is asked."""
    found = likeness.compare(likeness.traits(ADA), likeness.traits(replace(ADA, **changes)))  # type: ignore[arg-type]
    return *in_words(found.evidence), found.score >= THRESHOLD


def is_asked(one: Person = ADA, **changes: object) -> bool:
    other = replace(one, **changes)  # type: ignore[arg-type]
    return likeness.compare(likeness.traits(one), likeness.traits(other)).score >= THRESHOLD


def test_the_reasons_are_sentences_that_quote_nothing():
    spoken_for, against, asked = reasons(date_of_birth=date(1985, 7, 4), uk_postcode="ZZ9 9ZZ")
    assert spoken_for[0] == "Same passport number."
    assert "Day and month of birth swapped." in spoken_for
    assert against == ["Postcodes differ."]
    assert asked


@pytest.mark.parametrize(
    "changes",
    [
        {"passport_number": "B7654321"},  # renewed
        {"passport_number": "A1234568"},
        {"passport_number": None, "given_names": "Ada Ngozi"},
        {"passport_number": None, "family_name": "Ada", "given_names": "Okafor"},
        {"passport_number": None, "family_name": "Okafo"},
        {"passport_number": None, "date_of_birth": date(1985, 7, 4)},
        {"date_of_birth": date(1985, 4, 8)},
        {"date_of_birth": date(1985, 1, 1)},
        {"nationality": "GHA", "passport_number": None},
        {"passport_number": None, "family_name": "Bello"},  # the same given name and birthday at the same address
    ],
)
def test_a_person_is_asked_about_the_usual_ways_of_writing_somebody_down_otherwise(changes):
    assert is_asked(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"given_names": "Blessing", "passport_number": "A1234568"},  # a twin whose passport was issued with hers
        {"given_names": "Blessing", "passport_number": None},
        {"given_names": "Chidi", "sex": "male", "date_of_birth": date(1990, 2, 3), "passport_number": "C7777777"},
        {"date_of_birth": date(1960, 9, 2), "passport_number": None},  # a mother of the same name
        {"given_names": "Blessing", "date_of_birth": date(2015, 9, 2)},  # a child on her mother's passport
    ],
)
def test_families_at_one_address_are_left_in_peace(changes):
    assert not is_asked(**changes)


def test_a_birthday_on_1_january_and_a_missing_passport_count_for_little():
    new_year = replace(ADA, date_of_birth=date(1985, 1, 1), uk_postcode=None, passport_number=None)
    assert not is_asked(new_year, given_names="Ada Ngozi", nationality="GHA")
    assert not is_asked(replace(new_year, passport_number="A1234567"), passport_number="B7654321")
    assert TABLE[Evidence.FIRST_OF_JANUARY][0] * 2 <= TABLE[Evidence.SAME_BIRTHDAY][0]
    assert TABLE[Evidence.ONE_PASSPORT][0] == 0


def test_the_same_either_way_round():
    other = replace(
        ADA, family_name="Okafo", given_names="Ada Ngozi", date_of_birth=date(1985, 7, 4), passport_number=None
    )
    one, two = likeness.traits(ADA), likeness.traits(other)
    assert likeness.compare(one, two) == likeness.compare(two, one)


def test_every_evidence_has_its_words_and_none_apologises():
    assert set(TABLE) == set(Evidence)
    for _, words in TABLE.values():
        assert words.endswith(".")
        assert not {"please", "sorry", "valid", "invalid"} & set(words.lower().split())


@pytest.mark.parametrize(
    "changes",
    [
        {"family_name": "Ada", "given_names": "Okafor"},
        {"given_names": "Ada Ngozi"},
        {"family_name": "Okafour"},
        {"date_of_birth": date(1985, 7, 4)},  # by the passport, and by name and year
        {"date_of_birth": date(1985, 7, 4), "passport_number": None},
        {"date_of_birth": date(1986, 4, 7), "passport_number": None},
    ],
)
def test_those_who_are_alike_share_a_key(changes):
    one, other = (set(keys_of(likeness.traits(each)).all) for each in (ADA, replace(ADA, **changes)))
    assert one & other
    assert may_be_one_day(*(day_of(each.date_of_birth) for each in (ADA, replace(ADA, **changes))))


def test_strangers_share_no_key():
    other = replace(ADA, family_name="Petrova", given_names="Olga", passport_number="X9", nationality="RUS")
    assert not set(keys_of(likeness.traits(ADA)).all) & set(keys_of(likeness.traits(other)).all)


@given(st.dates(date(1900, 1, 1), date(2030, 1, 1)), st.dates(date(1900, 1, 1), date(2030, 1, 1)))
def test_birthdays_that_people_confuse_are_never_passed_over_unread(one, other):
    evidence = likeness.compare(*(likeness.traits(replace(ADA, date_of_birth=day)) for day in (one, other))).evidence
    if Evidence.OTHER_BIRTHDAY not in evidence:
        assert may_be_one_day(day_of(one), day_of(other))


@given(st.dates(date(1900, 1, 1), date(2029, 12, 28)), st.integers(0, 7), st.integers(0, 9))
def test_one_wrong_digit_in_a_birthday_is_never_passed_over_unread(born, place, digit):
    digits = list(str(day_of(born)))
    digits[place] = str(digit)
    assert may_be_one_day(day_of(born), int("".join(digits)))


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("mohammed", "muhammad", Alike.NEARLY),
        ("yusuf", "youssef", Alike.NEARLY),
        ("chowdhury", "choudhary", Alike.NEARLY),
        ("deepa", "dipa", Alike.NEARLY),
        ("almasri", "masri", Alike.NEARLY),
        ("emeka", "chukwuemeka", Alike.NEARLY),
        ("ekha", "rekha", Alike.NEARLY),
        ("hasan", "husain", Alike.NOT),
        ("mahmud", "muhammad", Alike.NOT),
        ("kamal", "jamila", Alike.NOT),
        ("sara", "mara", Alike.NOT),
        ("li", "lu", Alike.NOT),
    ],
)
def test_names_that_are_one_and_names_that_are_two(one, other, how):
    assert alike(one, other) is how
    assert alike(other, one) is how


def test_a_name_is_its_words_without_accents_particles_and_apostrophes():
    assert words_of("de la Cruz") == words_of("CRUZ") == ("cruz",)
    assert words_of("O’Brien") == words_of("OBrien")
    assert words_of("Nguyễn Thị") == ("nguyen", "thi")
    assert words_of("El") == ("el",)
    assert words_of("-") == ()
    assert sound_of("mohammed") == sound_of("muhammad")
