"""Files out of the core, for who may have them: whole or in ranges, one as it is, several as one ZIP.

A file is named by its row, never by a path. Where it lies comes from the database, and must come out below the folder
of files even after links are followed: a wrong row or a link that leads away is as if the file were not there.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse, StreamingResponse
from starlette.responses import Response

from panfair.site.catalogue.accounts.core import Caller, Core, InHeader, InPath
from panfair.site.catalogue.api import parameters as arguments
from panfair.site.catalogue.api.schemas import ResourceOut, SampleFiles, StatusOut
from panfair.site.catalogue.api.zip_names import member_names
from panfair.site.catalogue.errors import BadParameter, NoSuchRow
from panfair.site.catalogue.store.query import DatasetQuery
from panfair.site.catalogue.store.rows import Datafile

router = APIRouter(tags=["IDS"])

_PIECE = 1 << 20
_FILE_ANSWERS: dict[int | str, dict[str, object]] = {
    200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}},
    206: {"description": "a range of the file"},
    416: {"description": "the range is outside of the file"},
}
DatasetIds = Annotated[str | None, Query(alias="datasetIds", max_length=20_000)]
FileIds = Annotated[str | None, Query(alias="datafileIds", max_length=200_000)]
Inline = Annotated[str | None, Query(max_length=10)]


@router.get("/ids/data/download", response_class=Response, responses=_FILE_ANSWERS)
def download(caller: InHeader, datasets: DatasetIds = None, files: FileIds = None, inline: Inline = None) -> Response:
    """One file as it is, with ranges; several as a ZIP of uncompressed files."""
    return send_files(caller, datasets, files, arguments.flag(inline))


@router.get("/ids/{sessionId}/data/download", response_class=Response, responses=_FILE_ANSWERS)
def download_in_session(
    caller: InPath, datasets: DatasetIds = None, files: FileIds = None, inline: Inline = None
) -> Response:
    return send_files(caller, datasets, files, arguments.flag(inline))


@router.get("/ids/{sessionId}/datasets/status", response_model_exclude_none=True)
def status(caller: InPath, datasets: Annotated[str, Query(alias="datasetIds", max_length=20_000)]) -> list[StatusOut]:
    """ONLINE when the core holds at least one file of the dataset, ARCHIVED when it holds none."""
    ids = arguments.row_numbers(datasets, "datasetIds") or []
    with caller.view() as view:
        rows, _ = view.datasets(DatasetQuery(ids=ids))
        found = view.files_of([row.id for row in rows])
        held = {row: any(_place(caller.core, view.file_path(one.id)) for one in some) for row, some in found.items()}
    return [StatusOut(id=str(row), status="ONLINE" if online else "ARCHIVED") for row, online in held.items()]


@router.get("/catalogue/{sessionId}/files", response_model_exclude_none=True, tags=["Catalogue"])
def gallery(
    caller: InPath,
    investigation: Annotated[str | None, Query(alias="investigationId", max_length=100)] = None,
    sample: Annotated[str | None, Query(alias="sampleId", max_length=100)] = None,
) -> list[SampleFiles]:
    """The pictures and documents of samples."""
    session, one = arguments.optional_row(investigation, "investigationId"), arguments.optional_row(sample, "sampleId")
    if session is None and one is None:
        raise BadParameter("investigationId or sampleId is wanted")
    answer = []
    with caller.view() as view:
        for row in view.samples(session, None if one is None else [one])[0]:
            datasets, _ = view.datasets(DatasetQuery(samples=[row.id]))
            found = [file for some in view.files_of([each.id for each in datasets]).values() for file in some]
            resources = [
                ResourceOut(id=str(file.id), filename=file.name, file_type=file.media_type)
                for file in found
                if file.resource
            ]
            if resources:
                answer.append(
                    SampleFiles(
                        id=str(row.id), investigation_id=row.investigation, sample_id=row.id, resources=resources
                    )
                )
    return answer


@router.get(
    "/catalogue/{sessionId}/files/download", response_class=Response, responses=_FILE_ANSWERS, tags=["Catalogue"]
)
def gallery_file(
    caller: InPath, resource: Annotated[str, Query(alias="resourceId", max_length=100)], inline: Inline = None
) -> Response:
    """One picture or document."""
    return send_files(caller, None, str(arguments.row_number(resource, "resourceId")), arguments.flag(inline))


def send_files(caller: Caller, datasets: str | None, files: str | None, inline: bool) -> Response:
    """The files of datasets and single files that the caller may have, as an answer. Raises NoSuchRow for none.

    `datasets` and `files` are rows with commas between them; inline only pictures are shown, all else is saved.
    """
    wanted, single = arguments.row_numbers(datasets, "datasetIds"), arguments.row_numbers(files, "datafileIds")
    if wanted is None and single is None:
        raise BadParameter("datasetIds or datafileIds is wanted")
    with caller.view() as view:
        rows: list[Datafile] = []
        if wanted is not None:
            rows += [row for some in view.files_of(wanted).values() for row in some]
        if single is not None:
            rows += view.files(ids=single)[0]
        paths = {row.id: _place(caller.core, view.file_path(row.id)) for row in rows}
    held = [(row, path) for row in dict.fromkeys(rows) if (path := paths[row.id]) is not None]
    if not held:
        raise NoSuchRow("there are no such files here")
    if len(held) == 1:
        row, path = held[0]
        # Inline only what cannot run as a page of the core: a picture; all else is saved.
        shown = inline and (row.media_type or "") in {"image/png", "image/jpeg", "image/gif", "image/webp"}
        return FileResponse(
            path,
            media_type=(row.media_type if shown else None) or "application/octet-stream",
            filename=member_names([row.name.rsplit("/", 1)[-1]])[0],
            content_disposition_type="inline" if shown else "attachment",
        )
    named = quote(f"datasets-{held[0][0].dataset}.zip")
    return StreamingResponse(
        _zip(held), media_type="application/zip", headers={"Content-Disposition": f"attachment; filename={named}"}
    )


def _place(core: Core, location: str | None) -> Path | None:
    """The file at a location, when it is one and lies below the folder of files."""
    root = core.settings.files
    if root is None or location is None:
        return None
    try:
        path = (root / location).resolve()
        return path if path.is_file() and path.is_relative_to(root.resolve()) else None
    except (OSError, ValueError):
        return None


class _Pipe:
    """Takes what the ZIP writer writes, and gives it on."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        pass

    def taken(self) -> bytes:
        data = b"".join(self._pieces)
        self._pieces.clear()
        return data


def _zip(held: list[tuple[Datafile, Path]]) -> Iterator[bytes]:
    """The bytes of a ZIP, a piece at a time: it is never whole in memory or on disk."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[call-overload]
        names = member_names(f"{row.dataset}/{row.name}" for row, _ in held)
        for name, (_, path) in zip(names, held, strict=True):
            with path.open("rb") as source, archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as target:
                while piece := source.read(_PIECE):
                    target.write(piece)
                    yield pipe.taken()
    yield pipe.taken()
