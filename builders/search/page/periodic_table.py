"""The periodic table as the search page lays it out: symbols, names, places and groups of the 118 elements.

Places follow the 18-column form of IUPAC's table of 2022, lanthanum to lutetium and actinium to lawrencium below it.
"""

from dataclasses import dataclass

from panfair.builders.html.language import marked, tr
from panfair.builders.search.documents.elements import ELEMENTS

NAMES = """
hydrogen helium lithium beryllium boron carbon nitrogen oxygen fluorine neon sodium magnesium aluminium silicon
phosphorus sulfur chlorine argon potassium calcium scandium titanium vanadium chromium manganese iron cobalt nickel
copper zinc gallium germanium arsenic selenium bromine krypton rubidium strontium yttrium zirconium niobium molybdenum
technetium ruthenium rhodium palladium silver cadmium indium tin antimony tellurium iodine xenon caesium barium
lanthanum cerium praseodymium neodymium promethium samarium europium gadolinium terbium dysprosium holmium erbium
thulium ytterbium lutetium hafnium tantalum tungsten rhenium osmium iridium platinum gold mercury thallium lead bismuth
polonium astatine radon francium radium actinium thorium protactinium uranium neptunium plutonium americium curium
berkelium californium einsteinium fermium mendelevium nobelium lawrencium rutherfordium dubnium seaborgium bohrium
hassium meitnerium darmstadtium roentgenium copernicium nihonium flerovium moscovium livermorium tennessine oganesson
"""
_F_BLOCK = (range(57, 72), range(89, 104))
_TRANSITION = (*range(21, 31), *range(39, 49), *range(72, 81), *range(104, 113))
_GROUPS: tuple[tuple[str, str, tuple[int, ...]], ...] = (
    ("alkali", marked("Alkali metals"), (3, 11, 19, 37, 55, 87)),
    ("earth", marked("Alkaline earth metals"), (4, 12, 20, 38, 56, 88)),
    ("transition", marked("Transition metals"), _TRANSITION),
    ("lanthanide", marked("Lanthanides"), tuple(_F_BLOCK[0])),
    ("actinide", marked("Actinides"), tuple(_F_BLOCK[1])),
    ("halogen", marked("Halogens"), (9, 17, 35, 53, 85)),
    ("noble", marked("Noble gases"), (2, 10, 18, 36, 54, 86)),
)
_GAPS = {2: 18, 5: 13, 13: 13, 57: 3, 89: 3, 72: 4, 104: 4}
"""Where a row is interrupted: the column of the element after the gap."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element and its place."""

    symbol: str
    name: str
    column: int | None
    """1 to 18 where it does not follow its neighbour, else None."""
    group: str
    """A short name of its group, or nothing."""


@dataclass(frozen=True, slots=True)
class ElementGroup:
    """Elements that are often asked for together."""

    label: str
    symbols: tuple[str, ...]


def elements() -> tuple[Element, ...]:
    """All elements in the order in which the table's cells are laid, row by row, the f block last.

    >>> [element.symbol for element in elements()[:6]], elements()[1].column, len(elements())
    (['H', 'He', 'Li', 'Be', 'B', 'C'], 18, 118)
    """
    names = NAMES.split()
    group_of = {number: key for key, _, numbers in _GROUPS for number in numbers}
    below = [number for block in _F_BLOCK for number in block]
    order = [number for number in range(1, len(ELEMENTS) + 1) if number not in below] + below
    return tuple(
        Element(ELEMENTS[number - 1], tr(names[number - 1]), _GAPS.get(number), group_of.get(number, ""))
        for number in order
    )


def groups() -> tuple[ElementGroup, ...]:
    """The groups that can be chosen at once."""
    return tuple(
        ElementGroup(label, tuple(ELEMENTS[number - 1] for number in numbers)) for _, label, numbers in _GROUPS
    )
