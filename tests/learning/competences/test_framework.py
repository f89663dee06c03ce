"""The ten competences go out and come in, as CSV and as CASE, and nothing half comes in."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.competences import framework
from learning.competences.framework import CantBeRead, Competence, Framework
from learning.competences.rules import CODES

words = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters="'"), min_size=1, max_size=30)
frameworks = st.lists(
    st.builds(Competence, code=st.integers(1, 99).map(lambda n: f"C{n}"), name=words, levels=st.tuples(*[words] * 4)),
    min_size=1, max_size=12, unique_by=lambda each: each.code,
).map(lambda found: Framework(tuple(sorted(found, key=lambda each: int(each.code[1:])))))  # fmt: skip

BASE, WHEN = "https://leren.example", "2026-11-30T09:00:00+00:00"


def test_the_built_in_framework_has_the_ten_of_the_curriculum_with_four_levels_each() -> None:
    ten = framework.built_in()
    assert tuple(each.code for each in ten.competences) == CODES
    assert all(len(set(each.levels)) == 4 for each in ten.competences)
    first = ten.of("C1")
    assert first is not None
    assert first.name == "Luisteren en doorvragen"


@given(frameworks)
def test_out_and_in_again_as_csv_it_is_the_same(some: Framework) -> None:
    assert framework.from_csv(framework.to_csv(some), known=None) == some


@given(frameworks)
def test_out_and_in_again_as_case_it_is_the_same(some: Framework) -> None:
    text = json.dumps(framework.to_case(some, base_url=BASE, changed=WHEN))
    assert framework.from_case(text, known=None) == some


def test_a_spreadsheet_with_semicolons_and_a_byte_order_mark_comes_in() -> None:
    text = "\ufeff" + framework.to_csv(framework.built_in()).replace(",", "‚")
    with pytest.raises(CantBeRead):
        framework.from_csv(text, known=CODES)
    rows = ["code;naam;N1;N2;N3;N4", *(f"{code};naam;a;b;c;d" for code in CODES)]
    assert len(framework.from_csv("\ufeff" + "\r\n".join(rows), known=CODES).competences) == 10


def test_every_problem_is_said_by_row() -> None:
    text = "code,naam,N1,N2,N3,N4\nC1,Luisteren,a,b,c,d\nC1,Weer,a,b,c,d\nC77,Vreemd,a,b,c,d\nC2,Leeg,,b,c,d\nC3,kort\n"
    with pytest.raises(CantBeRead) as refused:
        framework.from_csv(text, known=("C1", "C2", "C3", "C4"))
    assert [wrong.row for wrong in refused.value.wrong] == [3, 4, 5, 6, 0, 0]


def test_a_case_file_that_goes_round_in_circles_is_refused() -> None:
    package = framework.to_case(framework.built_in(), base_url=BASE, changed=WHEN)
    there = package["CFAssociations"][1]
    back = {**there, "originNodeURI": there["destinationNodeURI"], "destinationNodeURI": there["originNodeURI"]}
    package["CFAssociations"].append(back)
    with pytest.raises(CantBeRead, match="kring"):
        framework.from_case(json.dumps(package), known=CODES)


def test_a_case_file_in_which_something_is_its_own_child_is_refused() -> None:
    package = framework.to_case(framework.built_in(), base_url=BASE, changed=WHEN)
    there = package["CFAssociations"][3]
    package["CFAssociations"].append({**there, "originNodeURI": there["destinationNodeURI"]})
    with pytest.raises(CantBeRead, match="kring"):
        framework.from_case(json.dumps(package), known=CODES)


def test_a_problem_in_a_case_file_is_said_by_competence_for_it_has_no_rows() -> None:
    package = framework.to_case(framework.built_in(), base_url=BASE, changed=WHEN)
    for item in package["CFItems"]:
        if item["humanCodingScheme"] == "C4":
            item["humanCodingScheme"] = "C44"
        if item["humanCodingScheme"] == "C6.N2":
            item["fullStatement"] = ""
    with pytest.raises(CantBeRead) as refused:
        framework.from_case(json.dumps(package), known=CODES)
    assert {(each.row, each.code, each.reason) for each in refused.value.wrong} == {
        (0, "C44", "C44 kennen we niet."),
        (0, "C6", "Er is een vak leeg."),
        (0, "", "C4 ontbreekt."),
    }


@pytest.mark.parametrize("off", ["missing", "extra"])
def test_a_competence_in_a_case_file_that_has_not_four_levels_is_named(off: str) -> None:
    package = framework.to_case(framework.built_in(), base_url=BASE, changed=WHEN)
    level = next(each for each in package["CFItems"] if each["humanCodingScheme"] == "C7.N3")
    if off == "missing":
        package["CFItems"].remove(level)
    else:
        child = next(
            each for each in package["CFAssociations"] if each["originNodeURI"]["identifier"] == level["identifier"]
        )
        package["CFItems"].append({**level, "identifier": "meer", "humanCodingScheme": "C7.N5"})
        package["CFAssociations"].append({**child, "originNodeURI": {**child["originNodeURI"], "identifier": "meer"}})
    with pytest.raises(CantBeRead) as refused:
        framework.from_case(json.dumps(package), known=CODES)
    assert [(each.code, each.reason) for each in refused.value.wrong] == [
        ("C7", "Hierbij horen niet precies vier niveaus.")
    ]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"CFItems": 3}', '{"CFItems": [], "CFAssociations": []}', "x" * 99]
)
def test_what_is_no_case_file_is_refused_with_a_word(text: str) -> None:
    with pytest.raises(CantBeRead):
        framework.from_case(text, known=CODES)


@given(st.text(max_size=200))
def test_nothing_that_comes_in_breaks_the_reader(text: str) -> None:
    for read in (framework.from_csv, framework.from_case):
        with pytest.raises(CantBeRead):
            read(text, known=CODES)


def test_what_a_spreadsheet_would_take_for_a_formula_goes_out_harmless() -> None:
    some = Framework((Competence("C1", "=1+1", ("@a", "-b", "+c", "d")),))
    assert "'=1+1" in framework.to_csv(some)
    assert framework.from_csv(framework.to_csv(some), known=None) == some
