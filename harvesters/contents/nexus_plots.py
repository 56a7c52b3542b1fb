"""What a NeXus file says shall be plotted: `@default` from the root to NXdata, its signal, axes and errors.

Follows the NeXus manual ("Associating plottable data", versions 1 to 3), NXcanSAS (Q, I, Idev), NXxas and NXmx; a file
without NXdata, as masters of detectors and of BLISS are, shows the images that a detector took.
"""

from collections.abc import Iterator
from itertools import islice

import numpy as np

from panfair.harvesters.contents.beams import beam_of
from panfair.harvesters.contents.hdf5 import Array, Group
from panfair.harvesters.contents.shrinking import measured, shrunk
from panfair.ontologies.errors import ContentsError
from panfair.ontologies.figures import Axis, Curve, Figure, Image, Role

_MOST_PLOTS = 12
_MOST_POINTS = 2_000_000
_ABSORBING = frozenset({"NXxas", "NXxas_new", "NXxas_trans", "NXxasproc"})
_VOLUMES = frozenset({"NXtomoproc"})


def plots_of(root: Group) -> Iterator[Figure]:
    """The figures of a file, the one that it declares first. Raises ContentsError for a file that shows nothing."""
    entry = _entry(root)
    if entry is None:
        raise ContentsError("it holds no entry (NXentry)")
    definition = entry.text("definition")
    found = False
    for data in islice(_plottable(entry), _MOST_PLOTS):
        for figure in _figures(data, entry, definition):
            found = True
            yield figure
    if not found:
        for detector in _detectors(entry):
            for array in detector:
                found = True
                yield _image_of(array, entry, definition, "")
            if found:
                break
    if not found:
        raise ContentsError("it declares nothing to plot (NXdata), and no detector of it has images")


def _entry(root: Group) -> Group | None:
    chosen = root.group(root.word("default")) if root.word("default") else None
    if chosen is not None and chosen.nx_class in {"NXentry", "NXsubentry"}:
        entries = [chosen, *root.groups("NXentry")]
    else:
        entries = list(islice(root.groups("NXentry"), 50))
    with_plots = (one for one in entries if next(_plottable(one), None) is not None)
    with_images = (one for one in entries if next((array for some in _detectors(one) for array in some), None))
    return next(with_plots, None) or next(with_images, None) or next(iter(entries), None)


def _plottable(entry: Group) -> Iterator[Group]:
    """NXdata that have a signal: the declared one, then those beside it that are maps of the same kind."""
    node, seen = entry, set()
    while (name := node.word("default")) and (below := node.group(name)) is not None and below.path not in seen:
        node = below
        seen.add(node.path)
    declared = node if node.nx_class == "NXdata" and _signal(node) is not None else None
    if declared is not None:
        yield declared
    for place in (entry, *entry.groups("NXprocess"), *entry.groups("NXsubentry")):
        for one in place.groups("NXdata"):
            if (declared is None or one.path != declared.path) and _signal(one) is not None:
                yield one


def _detectors(entry: Group) -> Iterator[list[Array]]:
    for instrument in entry.groups("NXinstrument"):
        for detector in instrument.groups("NXdetector"):
            images = [
                one
                for name in ("data", "image")
                if (one := detector.array(name)) and one.is_number and len(one.shape) in (2, 3) and min(one.shape) > 0
            ]
            if images:
                yield images[:1]


def _signal(data: Group) -> Array | None:
    name = data.word("signal")
    if name and (found := data.array(name)) is not None and found.is_number and found.size:
        return found
    for _, one in data.members():  # before 2014 the dataset says that it is the signal
        if isinstance(one, Array) and one.word("signal") in {"1"} | ({str(one.attribute("signal"))} & {"1", "1.0"}):
            return one if one.is_number and one.size else None
    # Masters of Eiger detectors have their images in members data_000001…, and say no signal.
    stacks = (one for key, one in data.members() if key.startswith("data_") and isinstance(one, Array))
    return next((one for one in stacks if one.is_number and len(one.shape) == 3 and one.size), None)


def _figures(data: Group, entry: Group, definition: str) -> Iterator[Figure]:
    signal = _signal(data)
    assert signal is not None
    shape, title = signal.shape, data.text("title") or entry.text("title")
    wide = [size for size in shape if size > 1]
    as_image = signal.word("interpretation") in {"image", "rgb-image", "rgba-image"}
    if len(wide) <= 1 and not as_image and signal.size > 1:
        yield _curve(data, signal, definition, entry.text("title"))
    elif len(wide) == 3 and (definition in _VOLUMES or data.word("interpretation") == "volume"):
        yield from _slices(signal, _pixel(data), title)
    elif len(shape) >= 2 and len(wide) >= 2:
        yield _image_of(signal, entry, definition, title, _pixel(data))


def _curve(data: Group, signal: Array, definition: str, title: str) -> Curve:
    if signal.size > _MOST_POINTS:
        raise ContentsError(f"its curve has {signal.size} points, too many for a preview")
    y = signal.read().reshape(-1).astype("f8")
    axis = _axis(data, signal)
    x = axis.read().reshape(-1).astype("f8") if axis is not None and axis.is_number else np.arange(len(y), dtype="f8")
    if len(x) == len(y) + 1:  # the limits of bins
        x = (x[1:] + x[:-1]) / 2
    if len(x) != len(y):
        axis, x = None, np.arange(len(y), dtype="f8")
    errors = _errors(data, signal)
    deviation = errors.read().reshape(-1).astype("f8") if errors is not None and errors.size == len(y) else None
    along = _called(axis) if axis is not None else Axis("point")
    role: Role = "plain"
    if (
        definition == "NXcanSAS"
        or data.word("canSAS_class") == "SASdata"
        or (along.name, _called(signal).name) == ("Q", "I")
    ):
        role = "scattering"
    elif definition in _ABSORBING or (along.name.lower() == "energy" and "mu" in _called(signal).name.lower()):
        role = "absorption"
    return Curve(x, y, deviation, along, _called(signal), role, title)


def _axis(data: Group, signal: Array) -> Array | None:
    named = data.attribute("axes") or signal.attribute("axes") or data.attribute("I_axes")
    names = named if isinstance(named, list) else str(named or "").replace(":", ",").split(",")
    for name in names:
        if isinstance(name, str) and name.strip(" []") not in ("", ".") and (found := data.array(name.strip(" []"))):
            return found
    if (found := data.array("Q")) and data.array("I"):  # canSAS before it had axes
        return found
    for _, one in data.members():
        if isinstance(one, Array) and str(one.attribute("axis")) == "1":
            return one
    return None


def _errors(data: Group, signal: Array) -> Array | None:
    name = signal.path.rsplit("/", 1)[-1]
    for candidate in (
        signal.word("uncertainties"),
        f"{name}_errors",
        data.word("uncertainties"),
        "errors",
        f"{name}dev",
    ):
        if candidate and (found := data.array(candidate)) is not None and found.is_number:
            return found
    return None


def _called(array: Array) -> Axis:
    """An array's name and unit, the name as the file wants it read."""
    name = array.word("long_name") or array.path.rsplit("/", 1)[-1]
    return Axis(name[:80], array.word("units")[:30])


def _pixel(data: Group) -> tuple[float, str] | None:
    """How wide a pixel of an image is by its last axis, if that is a length with even steps."""
    names = data.attribute("axes")
    if not isinstance(names, list) or not names or not (axis := data.array(str(names[-1]))) or axis.size < 2:
        return None
    unit = axis.word("units")
    if unit not in {"m", "mm", "um", "µm", "μm", "nm", "micron", "Angstrom", "angstrom"} or axis.size > _MOST_POINTS:
        return None
    steps = np.diff(axis.read().astype("f8"))
    step = float(np.median(steps))
    return (abs(step), unit) if step and np.allclose(steps, step, rtol=0.05) else None


def _image_of(array: Array, entry: Group, definition: str, title: str, pixel: tuple[float, str] | None = None) -> Image:
    """The image itself, or the one in the middle of a stack."""
    lead = [size // 2 if size > 1 else 0 for size in array.shape[:-2]]
    values, factor = shrunk(measured(np.squeeze(array.read(*lead))))
    if values.ndim != 2:
        raise ContentsError("what it declares to plot is no image")
    beam = beam_of(entry, array.shape[-2:])
    index = lead[-1] if lead and array.shape[len(lead) - 1] > 1 else None
    scanned: Role = "map" if index is None else "projection"
    role: Role = "frame" if beam or definition == "NXmx" else scanned if pixel else "plain"
    return Image(values, _called(array), array.shape, role, title, index, factor, pixel, beam)


def _slices(array: Array, pixel: tuple[float, str] | None, title: str) -> Iterator[Image]:
    """Three slices through the middle, each across one direction."""
    for direction in range(3):
        middle = array.shape[direction] // 2
        where: list[int | slice] = [slice(None)] * 3
        where[direction] = middle
        values, factor = shrunk(measured(array.read(*where)))
        yield Image(values, _called(array), array.shape, "slice", title, middle, factor, pixel)
