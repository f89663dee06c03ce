"""Names as people here have them. Put together by chance: who is called so in earnest isn't meant."""

from __future__ import annotations

from random import Random


def _words(text: str) -> list[str]:
    return text.split()


_FIRST = _words(
    "Aafke Abdel Aisha Anouk Arjan Arthur Bas Bilal Bram Carlijn Chantal Daan Dewi Dirk Dunya Eelco Elif Emre Esmée "
    "Fatima Femke Floor Frank Gerda Gijs Hanneke Hassan Hidde Ilse Imane Ingrid Jasper Jelle Jorrit Joyce Karim Kees "
    "Kim Koen Latifa Lars Lieke Linda Loes Maaike Marijn Marloes Mehmet Merel Michiel Mirjam Mohamed Nadia Niels Noor "
    "Omar Paul Petra Pieter Rachid Remco Renske Rik Roos Ruben Samira Sander Sanne Sara Selma Sjoerd Sven Tessa Thijs "
    "Tineke Tom Vera Wendy Willem Wouter Yara Youssef Yvonne Zeynep"
)
_BETWEEN = ("", "", "", "", "", "", "de ", "van ", "van de ", "van den ", "van der ", "ter ")
_BEGIN = _words(
    "Beek Berk Boven Broek Dijk Duin Eik Elzen Goor Gras Haven Heide Hoek Hooge Klaver Koren Laak Linde Maas Molen "
    "Noorder Ooster Polder Riet Rijs Schans Terp Veen Veld Vliet Water Weide Wester Wilgen Zand Zuider"
)
_END = _words("berg boom burg dam donk dorp horst huis hout kamp land ma man meer mans oord stra veen veld wijk")


def person(random: Random) -> str:
    """ "Lieke van der Rietkamp"."""
    return f"{random.choice(_FIRST)} {random.choice(_BETWEEN)}{random.choice(_BEGIN)}{random.choice(_END)}"


_FIELDS = (
    "Bodem", "Financiën", "Gebiedsprocessen", "Handhaving", "Infrastructuur", "Landelijk Gebied", "Landbouw", "Milieu",
    "Natuur", "Omgeving", "Ruimte", "Stikstof", "Vergunningen", "Water", "Wonen",
)  # fmt: skip
_UNITS = (
    "Advies", "Beleid", "Contracten", "Data", "Juridische zaken", "Kennis", "Onderzoek", "Programma's", "Projecten",
    "Toezicht", "Uitvoering", "Verkenningen",
)  # fmt: skip
_TEAMS = (
    "Amer", "Berkel", "Dommel", "Eem", "Geul", "Hunze", "IJssel", "Kromme Rijn", "Linge", "Maas", "Mark", "Niers",
    "Oude IJssel", "Regge", "Roer", "Schelde", "Tjonger", "Vecht", "Waal", "Zaan",
)  # fmt: skip


def department(number: int) -> str:
    return f"Directie {_FIELDS[number % len(_FIELDS)]} {number + 1}"


def unit(number: int) -> str:
    return _numbered(f"Afdeling {_UNITS[number % len(_UNITS)]}", number // len(_UNITS))


def team(number: int) -> str:
    return _numbered(f"Team {_TEAMS[number % len(_TEAMS)]}", number // len(_TEAMS))


def _numbered(name: str, again: int) -> str:
    return f"{name} {again + 1}" if again else name
