"""Who lives in the demo. All of them are invented; their addresses can't exist (RFC 2606)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class DemoPerson:
    """`course_role`: what they are in the LMS's course; None for who comes in without the LMS."""

    username: str
    name: str
    role: str
    team: str
    course_role: str | None
    about: str | Promise

    @property
    def email(self) -> str:
        return f"{self.username}@land-en-water.example"


# A team and the team it is part of, parents first.
TEAMS: tuple[tuple[str, str], ...] = (
    ("Directie Landelijk Gebied", ""),
    ("Gebiedsprocessen", "Directie Landelijk Gebied"),
    ("Vergunningen", "Directie Landelijk Gebied"),
    ("Directie Mens en Organisatie", ""),
    ("Leren en ontwikkelen", "Directie Mens en Organisatie"),
)

# How many people more learn in a team, without a name that anything here depends on (`config.demo.crowd`).
CROWD: dict[str, int] = {"Gebiedsprocessen": 30, "Vergunningen": 30, "Leren en ontwikkelen": 30}

PEOPLE: tuple[DemoPerson, ...] = (
    DemoPerson(
        "deelnemer", "Sanne de Wit", "deelnemer", "Gebiedsprocessen", "learner",
        _("Deelnemer. Leerde al het een en ander, en begint vandaag aan de eerste module."),
    ),
    DemoPerson(
        "deelnemer2", "Emre Aydın", "deelnemer", "Vergunningen", "learner",
        _("Deelnemer. Een tweede, om samen te oefenen."),
    ),
    DemoPerson(
        "trainer", "Tineke Bos", "trainer", "Leren en ontwikkelen", "instructor",
        _("Trainer. Begeleidt de groep en ziet wie hoe ver is."),
    ),
    DemoPerson(
        "hr", "Ruben Kuiper", "hr", "Leren en ontwikkelen", None,
        _("HR of leeradviseur. Ziet groepen, geen mensen."),
    ),
    DemoPerson(
        "or", "Mirjam Postma", "or", "Vergunningen", None,
        _("Ondernemingsraad. Leest wie naar welke cijfers keek."),
    ),
    DemoPerson(
        "gebiedsteam", "Femke Hoekstra", "gebiedsteam", "Gebiedsprocessen", None,
        _("Gebiedsteam. Werkt met wat buiten is gehoord."),
    ),
    DemoPerson(
        "redacteur", "Jorrit van Dam", "redacteur", "Leren en ontwikkelen", "developer",
        _("Redacteur. Schrijft en publiceert de lesstof."),
    ),
    DemoPerson(
        "beheer", "Nadia Benali", "beheer", "Directie Mens en Organisatie", "administrator",
        _("Beheer. Houdt het geheel draaiend."),
    ),
)  # fmt: skip


# Who learn beside them and have no door: {username: (name, team)}.
COLLEAGUES: dict[str, tuple[str, str]] = {
    "collega1": ("Lieke Vermeer", "Gebiedsprocessen"),
    "collega2": ("Youssef Amrani", "Gebiedsprocessen"),
    "collega3": ("Hanneke Dijkstra", "Gebiedsprocessen"),
    "collega4": ("Bram Wolters", "Gebiedsprocessen"),
    "collega5": ("Ineke Schouten", "Gebiedsprocessen"),
    "collega6": ("Pieter-Jan Kok", "Gebiedsprocessen"),
    "collega7": ("Samira Haddad", "Vergunningen"),
    "collega8": ("Gijs Terpstra", "Vergunningen"),
    "collega9": ("Marloes van Rijn", "Vergunningen"),
    "collega10": ("Kenji Tamsma", "Vergunningen"),
    "collega11": ("Wilma Blok", "Vergunningen"),
    "collega12": ("Thijs Overbeek", "Vergunningen"),
    "collega13": ("Aafke Riemersma", "Leren en ontwikkelen"),
    "collega14": ("Delano Plet", "Leren en ontwikkelen"),
}


# Who trained the crowd, and have no door either: {username: (name, their group)}. With the demo's own trainer they are
# so many that it may be told whether trainers see the same.
TRAINERS: dict[str, tuple[str, str]] = {
    "begeleider1": ("Annelies Vos", "Leergroep Noord"),
    "begeleider2": ("Karim Bouzid", "Leergroep Oost"),
    "begeleider3": ("Hendrik Zijlstra", "Leergroep Zuid"),
    "begeleider4": ("Roos Terlinden", "Leergroep West"),
    "begeleider5": ("Winston Doelwijt", "Leergroep Midden"),
}


@dataclass(frozen=True)
class DemoModule:
    """A line of the LMS's course. It can be opened once a module of that key is published; until then it follows."""

    key: str
    title: str
    summary: str


# Curriculum 1.3, in the order in which they are meant to be taken.
MODULES: tuple[DemoModule, ...] = (
    DemoModule(
        "dialoogprincipes", "Dialoog is een werkwoord",
        "Dialoogprincipes: van bovenstroom naar onderstroom en terug. Bijna vier uur, in stukken.",
    ),
    DemoModule(
        "depolarisatie", "Beweging vanuit het midden",
        "Masterclass depolarisatie. Bijna vier uur, in stukken.",
    ),
    DemoModule(
        "ongenoegen", "Omgaan met ongenoegen",
        "Horen wat eronder zit, en mensen eerlijk behandelen. Bijna vier uur, in stukken.",
    ),
    DemoModule(
        "reflectietafel", "De reflectietafel",
        "De tussenruimte als werkvorm. Bijna vier uur, en een echte tafel.",
    ),
)  # fmt: skip
