"""The chemical elements in a formula, for searches such as `element:Fe,Ni`.

A text counts as a formula only when all of it can be read as one: symbols, numbers, brackets, dots, charges and the
letters that stand for a number (`x`, `y`, `δ`). So a sample's name never gives elements by chance.
"""

import re
import unicodedata

_SYMBOLS = """
H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo Tc
Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po
At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og
"""
ELEMENTS = tuple(_SYMBOLS.split())
"""The symbols of the IUPAC periodic table, by atomic number."""

ISOTOPES = {"D": "H", "T": "H"}
_NUMBER = {symbol: number for number, symbol in enumerate(ELEMENTS, start=1)}
_TOKEN = re.compile(r"(?P<symbol>[A-Z][a-z]?)|(?P<one>[A-Z])|[\d\s()\[\]{}.,·•*/+\-−–^_]|[xyzδn](?![a-z])")
_LONGEST = 300  # characters


def elements_of(formula: str) -> list[str]:
    """The symbols of the elements in a formula, by atomic number; empty when the text is not a formula.

    Deuterium and tritium are hydrogen.

    >>> elements_of("La₀.₇Sr₀.₃MnO₃"), elements_of("CuSO4·5D2O"), elements_of("YBa2Cu3O7-δ")
    (['O', 'Mn', 'Sr', 'La'], ['H', 'O', 'S', 'Cu'], ['O', 'Cu', 'Y', 'Ba'])
    >>> elements_of("Foam 3"), elements_of("Sample X"), elements_of("")
    ([], [], [])
    """
    text = unicodedata.normalize("NFKC", formula.strip())
    if len(text) > _LONGEST:
        return []
    found: set[str] = set()
    at = 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            return []
        at = token.end()
        symbol = token["symbol"]
        if symbol is None:
            continue
        if symbol not in _NUMBER and symbol[0] in (_NUMBER | ISOTOPES) and symbol not in ISOTOPES:
            at -= len(symbol) - 1  # `Ox` is O and a number called x
            symbol = symbol[0]
        symbol = ISOTOPES.get(symbol, symbol)
        if symbol not in _NUMBER:
            return []
        found.add(symbol)
    return sorted(found, key=_NUMBER.__getitem__)


def element(text: str) -> str | None:
    """The symbol that a person means, in any case; None when there is none such.

    >>> element("fe"), element("D"), element("Xx")
    ('Fe', 'H', None)
    """
    symbol = text.strip().capitalize()
    symbol = ISOTOPES.get(symbol, symbol)
    return symbol if symbol in _NUMBER else None
