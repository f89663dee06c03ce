"""The publish gates V1 to V10 of curriculum 3.c: the smallest thing each of them stops."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.authoring import Problem, read_yaml
from modules.blocks.conversationsim import drawing, gates
from modules.blocks.conversationsim.block import ConversationSim

DATA = Path(__file__).parent / "data"
CONTENT = Path(__file__).parents[3] / "modules" / "content"
Data = dict[str, Any]


def choice(letter: str, target: str, gain: int = 0, **more: Any) -> Data:
    return {
        "id": letter,
        "zet": "D1" if gain > 0 else "B1",
        "tekst": f"Zin {letter} naar {target}",
        "naar": target,
        "uitleg": "Omdat.",
        "effect": {"vertrouwen": gain},
        **more,
    }


def sound() -> Data:
    """A conversation with nothing wrong: two turns, a weging, two endings."""
    return {
        "id": "sim-1",
        "titel": "Klein",
        "rol": "Jij.",
        "setting": "Hier.",
        "start": "n1",
        "meters": {"vertrouwen": {"start": 5}, "spanning": {"start": 5}},
        "vlaggen": {"belofte": False},
        "nodes": {
            "n1": {
                "tekst": "Eén.",
                "keuzes": [choice("a", "n2", 2), choice("b", "n2", -2, tekst="Een veel langere zin")],
            },
            "n2": {
                "tekst": "Twee.",
                "keuzes": [choice("a", "w", 2), choice("b", "w", -2, tekst="Nog een veel langere zin")],
            },
            "w": {
                "soort": "weging",
                "regels": [{"als": "vertrouwen >= 6", "naar": "e1"}, {"anders": True, "naar": "e2"}],
            },
            "e1": {"soort": "einde", "waarde": 1, "titel": "Ja", "tekst": "Ja."},
            "e2": {"soort": "einde", "waarde": 0, "titel": "Nee", "tekst": "Nee."},
        },
    }


def found(data: Data) -> list[tuple[str, tuple[str | int, ...]]]:
    return [(problem.rule, problem.path) for problem in ConversationSim.check(data)]


def broken(mend: Callable[[Data], object]) -> Data:
    data = sound()
    mend(data)
    return data


def test_a_sound_conversation_passes() -> None:
    assert found(sound()) == []


def _no_way_out(data: Data) -> None:
    data["nodes"]["n2"]["keuzes"] = [choice("a", "n1", 2), choice("b", "n1", -2)]
    data["nodes"]["n1"]["max_bezoeken"] = 2


def _guard_everything(data: Data) -> None:
    for each in data["nodes"]["n2"]["keuzes"]:
        each["als"] = "belofte"


def _unreachable_ending(data: Data) -> None:
    data["nodes"]["w"]["regels"][0]["als"] = "vertrouwen >= 6 and belofte"


def _unreachable_turn(data: Data) -> None:
    data["nodes"]["n3"] = copy.deepcopy(data["nodes"]["n2"])
    data["nodes"]["n1"]["keuzes"].append(choice("c", "n3", als="belofte"))


def _round_and_round(data: Data) -> None:
    data["nodes"]["n2"]["keuzes"].append(choice("c", "n1"))


def _longer_is_better(data: Data) -> None:
    for node in ("n1", "n2"):
        data["nodes"][node]["keuzes"][0]["tekst"] = (
            "Dit is nu verreweg de langste zin van allemaal, en hij is de beste."
        )


def _no_repair(data: Data) -> None:
    data["nodes"]["n1"]["keuzes"][1]["effect"] = {"vertrouwen": -2, "spanning": 2}
    data["nodes"]["w"]["regels"][0]["als"] = "vertrouwen >= 6 and spanning < 7"


@pytest.mark.parametrize(
    ("rule", "path", "mend"),
    [
        ("V1", ("nodes", "n1", "keuzes", 0, "naar"), lambda d: d["nodes"]["n1"]["keuzes"][0].update(naar="weg")),
        ("V1", ("nodes", "w", "regels", 0, "naar"), lambda d: d["nodes"]["w"]["regels"][0].update(naar="weg")),
        ("V1", ("start",), lambda d: d.update(start="weg")),
        ("V2", ("nodes", "n3"), lambda d: d["nodes"].update(n3=copy.deepcopy(d["nodes"]["n2"]))),
        ("V2", ("nodes", "n3"), _unreachable_turn),
        ("V3", ("nodes", "n1"), _no_way_out),
        ("V4", ("nodes", "n2"), _guard_everything),
        (
            "V4",
            ("nodes", "w", "regels", 1),
            lambda d: d["nodes"]["w"]["regels"].__setitem__(1, {"als": "belofte", "naar": "e2"}),
        ),
        ("V5", ("nodes", "e1"), _unreachable_ending),
        ("V5", ("nodes",), lambda d: (d["nodes"].pop("e1"), d["nodes"]["w"]["regels"].pop(0))),
        ("V6", ("nodes", "n1"), _round_and_round),
        ("V7", ("nodes", "n1", "keuzes"), lambda d: d["nodes"]["n1"]["keuzes"].pop()),
        ("V7", ("nodes", "n1", "keuzes"), lambda d: d["nodes"]["n1"]["keuzes"].extend(choice(x, "n2") for x in "cde")),
        ("V7", ("nodes", "n1", "keuzes", 1), lambda d: d["nodes"]["n1"]["keuzes"][1].update(tekst="ZIN a  naar n2")),
        ("V8", ("nodes", "n1", "keuzes", 0), lambda d: d["nodes"]["n1"]["keuzes"][0].pop("zet")),
        ("V8", ("nodes", "n1", "keuzes", 0), lambda d: d["nodes"]["n1"]["keuzes"][0].update(zet="D7")),
        ("V8", ("nodes", "n1", "keuzes", 0), lambda d: d["nodes"]["n1"]["keuzes"][0].pop("uitleg")),
        ("V9", ("nodes",), _longer_is_better),
        ("V10", ("nodes", "n2"), _no_repair),
    ],
)
def test_each_gate_stops_its_smallest_violation_at_its_place(
    rule: str, path: tuple[str | int, ...], mend: Callable[[Data], object]
) -> None:
    assert (rule, path) in found(broken(mend))


def test_both_halves_of_v9_are_told_apart() -> None:
    reasons = [problem.reason for problem in ConversationSim.check(broken(_longer_is_better))]
    assert any("samenhang" in reason for reason in reasons)
    assert any("2 van 2 beurten" in reason for reason in reasons)


def test_going_round_with_a_limit_is_allowed() -> None:
    data = broken(_round_and_round)
    data["nodes"]["n1"]["max_bezoeken"] = 2
    assert found(data) == []


def test_weighings_that_lead_to_each_other_are_a_round_without_end() -> None:
    data = sound()
    data["nodes"]["w"]["regels"][1]["naar"] = "v"
    data["nodes"]["v"] = {
        "soort": "weging",
        "regels": [{"als": "belofte", "naar": "e2"}, {"anders": True, "naar": "w"}],
    }
    problems = found(data)
    assert ("V6", ("nodes", "w")) in problems
    assert ("V6", ("nodes", "v")) in problems


def test_a_limit_closes_the_way_that_leads_back() -> None:
    data = broken(_round_and_round)
    data["nodes"]["n1"]["max_bezoeken"] = 1
    report = gates.report(data)
    assert report.problems == []
    assert set(report.paths) == {2}  # the way back is never open


@pytest.mark.parametrize(
    ("path", "mend"),
    [
        (("nodes", "n1", "keuzes", 0, "als"), lambda d: d["nodes"]["n1"]["keuzes"][0].update(als="__import__('os')")),
        (("nodes", "n1", "keuzes", 0, "als"), lambda d: d["nodes"]["n1"]["keuzes"][0].update(als="onbekend")),
        (("nodes", "n1", "keuzes", 0, "als"), lambda d: d["nodes"]["n1"]["keuzes"][0].update(als="belofte > 3")),
        (
            ("nodes", "n1", "keuzes", 0, "effect"),
            lambda d: d["nodes"]["n1"]["keuzes"][0].update(effect={"vertrouwen": 3}),
        ),
        (("nodes", "n1", "keuzes", 0, "effect"), lambda d: d["nodes"]["n1"]["keuzes"][0].update(effect={"geluk": 1})),
        (("nodes", "n1", "keuzes", 0, "vlag"), lambda d: d["nodes"]["n1"]["keuzes"][0].update(vlag={"spijt": True})),
        (("nodes", "n1", "keuzes", 0, "uitlg"), lambda d: d["nodes"]["n1"]["keuzes"][0].update(uitlg="Omdat.")),
        (("nodes", "n1", "keuzes"), lambda d: d["nodes"]["n1"]["keuzes"][1].update(id="a")),
        (("nodes", "n1", "variant_als_spijt"), lambda d: d["nodes"]["n1"].update(variant_als_spijt="Anders.")),
        (("nodes", "n1", "kopje"), lambda d: d["nodes"]["n1"].update(kopje="Thee")),
        (("nodes", "n1"), lambda d: d["nodes"].update(n1="tekst")),
        (("nodes", "n1"), lambda d: d["nodes"]["n1"].update(tekst="")),
        (("nodes", "n1", "soort"), lambda d: d["nodes"]["n1"].update(soort="pauze")),
        (("nodes", "n1"), lambda d: d["nodes"]["n1"].update(keuzes="a")),
        (("nodes", "n1", "keuzes", 0), lambda d: d["nodes"]["n1"]["keuzes"].__setitem__(0, "a")),
        (("nodes", "n1", "max_bezoeken"), lambda d: d["nodes"]["n1"].update(max_bezoeken=0)),
        (("nodes", "n1", "beeld_alt"), lambda d: d["nodes"]["n1"].update(beeld="static/erf.jpg", beeld_alt="")),
        (("nodes", "w"), lambda d: d["nodes"]["w"].update(regels=[])),
        (("nodes", "w", "regels", 0), lambda d: d["nodes"]["w"]["regels"].__setitem__(0, "e1")),
        (("nodes", "e1"), lambda d: d["nodes"]["e1"].update(waarde=2)),
        (("nodes",), lambda d: d.update(nodes=[])),
        (("meters",), lambda d: d.pop("meters")),
        (("meters", "vertrouwen"), lambda d: d["meters"].update(vertrouwen={"start": 11})),
        (("meters", "spanning", "richting"), lambda d: d["meters"]["spanning"].update(richting="midden")),
        (("vlaggen", "belofte"), lambda d: d["vlaggen"].update(belofte="nee")),
        (("vlaggen", "spanning"), lambda d: d["vlaggen"].update(spanning=True)),
        (("rol",), lambda d: d.update(rol="")),
        (("hobby",), lambda d: d.update(hobby="x")),
        (("tafel",), lambda d: d.update(tafel={"plek": "links"})),
        (("tafel", "plaatsen", 0), lambda d: d.update(tafel={"plaatsen": [{"naam": "Gerrit", "plek": "zolder"}]})),
        (
            ("tafel", "plaatsen", 1),
            lambda d: d.update(tafel={"plaatsen": [{"naam": n, "plek": "links"} for n in "ab"]}),
        ),
        (("tafel", "beeld"), lambda d: d.update(tafel={"plaatsen": [], "beeld": "zee"})),
        (("nabespreking", "vragen"), lambda d: d.update(nabespreking={"vragen": ["Eén?"], "e1": "x", "e2": "y"})),
        (
            ("nabespreking", "e9"),
            lambda d: d.update(nabespreking={"vragen": ["?"] * 3, "e1": "x", "e2": "y", "e9": "z"}),
        ),
        (("nabespreking",), lambda d: d.update(nabespreking={"vragen": ["?"] * 3, "e1": "x"})),
        (("vlagteksten", "spijt"), lambda d: d.update(vlagteksten={"spijt": {"aan": "x"}})),
        (("testpaden", 0), lambda d: d.update(testpaden=[{"keuzes": "a,a", "einde": "e2"}])),
        (("testpaden", 0), lambda d: d.update(testpaden=[{"keuzes": "a,z", "einde": "e1"}])),
        (("testpaden", 0), lambda d: d.update(testpaden=[{"keuzes": "a,a", "einde": "e1", "score": 0.5}])),
        (("testpaden", 0), lambda d: d.update(testpaden=["a,a"])),
        (("titel",), lambda d: d.update(titel="")),
    ],
)
def test_what_does_not_read_as_a_conversation_is_named_by_its_place(
    path: tuple[str | int, ...], mend: Callable[[Data], object]
) -> None:
    assert path in [place for _, place in found(broken(mend))]


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 12)
    | st.floats(allow_nan=False)
    | st.sampled_from(["", "a", "n1", "e1"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "naar", "als", "start"]), inner),
    max_leaves=4,
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return (
        [path, *(place for key, part in parts for place in _places(part, (*path, key)))]
        if path
        else [place for key, part in parts for place in _places(part, (key,))]
    )


@given(st.data(), JUNK)
def test_whatever_an_author_writes_is_a_problem_and_never_a_crash(data: st.DataObject, junk: Any) -> None:
    written = sound() | {
        "nabespreking": {"vragen": ["?"] * 3, "e1": "x", "e2": "y"},
        "vlagteksten": {"belofte": {"aan": "x"}},
        "tafel": {"plaatsen": [{"naam": "Gerrit", "plek": "links"}]},
        "testpaden": [{"keuzes": "a,a", "einde": "e1"}],
    }
    *way, last = data.draw(st.sampled_from(_places(written)))
    inside: Any = written
    for key in way:
        inside = inside[key]
    inside[last] = junk
    assert all(problem.reason for problem in ConversationSim.check(written))


def test_a_problem_has_the_line_it_stands_on() -> None:
    text = (DATA / "sim-keukentafel.yaml").read_text().replace('naar: k13, uitleg: "Klein', 'naar: k99, uitleg: "Klein')
    authored = ConversationSim.read(text)
    (problem,) = ConversationSim.check(authored.data)
    assert problem.rule == "V1"
    assert "k99" in text.splitlines()[authored.line(problem.path) - 1]


def test_a_file_may_hold_other_things_beside_the_conversation() -> None:
    text = "simulatie:\n  titel: Klein\n  start: n1\ntestpaden:\n  x: y\n"
    authored = ConversationSim.read(text)
    assert authored.data["titel"] == "Klein"
    assert authored.line(("start",)) == 3


# --- the curriculum's own conversation


def test_the_example_of_the_curriculum_passes_every_gate() -> None:
    data = read_yaml((DATA / "sim-keukentafel.yaml").read_text()).data
    assert ConversationSim.check(data) == []


def test_its_figures_are_those_the_curriculum_gives() -> None:
    report = gates.report(read_yaml((DATA / "sim-keukentafel.yaml").read_text()).data)
    assert sum(report.paths.values()) == 4526
    assert (min(report.paths), max(report.paths)) == (4, 12)
    assert report.longest_is_best == 1
    assert report.correlation <= gates.MOST_CORRELATION
    assert "4526 paden van 4–12 keuzes" in "\n".join(report.lines())


def test_it_is_said_where_a_conversation_can_be_past_mending() -> None:
    report = gates.report(read_yaml((DATA / "sim-keukentafel.yaml").read_text()).data)
    assert set(report.too_late) == {"k11", "k12", "k13"}


def test_a_conversation_too_large_to_work_out_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "MOST_STATES", 3)
    assert ("V5", ("nodes",)) in found(sound())


def test_every_conversation_in_the_modules_may_be_published() -> None:
    files = [path for path in CONTENT.rglob("*.yaml") if path.read_text().lstrip("# \n").startswith("simulatie:")]
    assert files
    for path in files:
        authored = ConversationSim.read(path.read_text())
        lines = [f"{path.name}:{authored.line(p.path)} {p.reason}" for p in ConversationSim.check(authored.data)]
        assert lines == []


# --- the drawing


def test_the_drawing_holds_every_node_and_marks_what_is_wrong() -> None:
    data = broken(_round_and_round)
    data["nodes"]["n1"]["tekst"] = "<script>alert(1)</script> & meer"
    report = gates.report(data)
    assert report.simulation
    svg = drawing.graph_svg(report.simulation, report.problems)
    tree = ET.fromstring(svg)  # noqa: S314 our own drawing
    words = [text.text or "" for text in tree.iter("{http://www.w3.org/2000/svg}text")]
    assert {"n1 V6", "n2 V6", "w", "e1", "e2"} <= set(words)
    assert "script" not in {element.tag.rsplit("}")[-1] for element in tree.iter()}
    assert "style=" not in svg


def test_a_line_is_dashed_when_every_choice_along_it_has_a_condition() -> None:
    data = sound()
    assert "stroke-dasharray" not in drawing.graph_svg(gates.report(data).simulation)  # type: ignore[arg-type]
    for each in data["nodes"]["n1"]["keuzes"]:
        each["als"] = "not belofte"
    assert "stroke-dasharray" in drawing.graph_svg(gates.report(data).simulation)  # type: ignore[arg-type]


def test_what_is_wrong_is_red_thick_and_named_in_the_drawing() -> None:
    simulation = gates.report(sound()).simulation
    assert simulation is not None
    first = next(iter(simulation.nodes))
    marked = drawing.graph_svg(simulation, [Problem(("nodes", first), "vanaf hier is er geen weg", "V4")])
    assert drawing.WRONG not in drawing.graph_svg(simulation)
    assert marked.count(f'stroke="{drawing.WRONG}" stroke-width="4"') == 1
    assert f">{first} V4<" in marked
