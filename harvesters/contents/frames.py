"""Single frames in the formats of detectors and cameras: CBF, EDF, MarCCD… by fabio, TIFF by tifffile."""

from pathlib import Path

import numpy as np

from panfair.harvesters.contents.shrinking import measured, shrunk
from panfair.ontologies.errors import ContentsError
from panfair.ontologies.figures import Axis, Beam, Image, Role

_MOST_PIXELS = 64 << 20
_MOST_HEADER = 64 << 10


def frame_of(path: Path) -> Image:
    """The first frame of a CBF, EDF or other file that fabio reads. Raises ContentsError for what it cannot."""
    import fabio

    try:
        with fabio.open(str(path)) as opened:
            values = np.asarray(opened.data)
            header = {str(key): str(value) for key, value in dict(opened.header).items()}
            count = int(getattr(opened, "nframes", 1) or 1)
    except MemoryError:
        raise
    except Exception as error:
        raise ContentsError(f"not a whole frame ({type(error).__name__})") from None
    return _image(values, count, _mini_cbf(header.get("_array_data.header_contents", "")[:_MOST_HEADER]))


def tiff_of(path: Path) -> Image:
    """The page in the middle of a TIFF file. Raises ContentsError for what is none, or is too large."""
    import tifffile

    try:
        with tifffile.TiffFile(path) as opened:
            count = len(opened.pages)
            page = opened.pages[count // 2]
            if int(np.prod([float(one) for one in page.shape])) > _MOST_PIXELS:
                raise ContentsError("its image is too large for a preview")
            values = page.asarray()
    except (ContentsError, MemoryError):
        raise
    except Exception as error:
        raise ContentsError(f"not a whole TIFF file ({type(error).__name__})") from None
    if values.ndim == 3 and values.shape[2] in (3, 4):
        values = values[..., :3].mean(axis=2)
    return _image(values, count)


def _image(values: np.ndarray, count: int, beam: Beam | None = None) -> Image:
    if values.ndim != 2 or not values.size or values.dtype.kind not in "iuf" or values.size > _MOST_PIXELS:
        raise ContentsError("it holds no image that can be shown")
    small, factor = shrunk(measured(values))
    shape = (count, *values.shape) if count > 1 else values.shape
    role: Role = "frame" if beam else "plain"
    return Image(small, Axis("counts"), shape, role, "", count // 2 if count > 1 else None, factor, None, beam)


def _mini_cbf(text: str) -> Beam | None:
    """The geometry in the header of Pilatus and Eiger frames (`# Wavelength 0.97 A`)."""
    found = {}
    for line in text.splitlines():
        words = line.lstrip("# ").replace("(", " ").replace(",", " ").replace(")", " ").split()
        if len(words) > 1:
            found[words[0]] = words[1:]
    try:
        return Beam(
            float(found["Wavelength"][0]),
            float(found["Detector_distance"][0]),
            float(found["Pixel_size"][0]),
            (float(found["Beam_xy"][0]), float(found["Beam_xy"][1])),
        )
    except (KeyError, ValueError, IndexError):
        return None
