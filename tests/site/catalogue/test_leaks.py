"""No word of an embargoed row leaves the core for who may not see it: every field is planted, every route is asked."""

import logging
import re
from datetime import UTC, date, datetime

import pytest
from starlette.testclient import TestClient

from panfair.ontologies.identifiers import Doi
from panfair.site.catalogue.store.entries import (
    AuthorEntry,
    DataPublicationEntry,
    DatasetEntry,
    FileEntry,
    FundingEntry,
    InvestigationEntry,
    LogbookEntry,
    MemberEntry,
    ParameterEntry,
    SampleEntry,
    TechniqueEntry,
    UserEntry,
    WorkEntry,
)
from support.catalogue.facility import a_facility

PLANT = re.compile(r"zq[a-z]+qz", re.IGNORECASE)


class Planter:
    """Gives each field a word that stands nowhere else."""

    def __init__(self):
        self.words = []

    def __call__(self, field):
        self.words.append(f"zq{field}qz")
        return self.words[-1]


@pytest.fixture
def planted(tmp_path):
    facility, word = a_facility(tmp_path), Planter()
    moment = datetime(2025, 7, 1, tzinfo=UTC)

    def parameter(of):
        return ParameterEntry(
            name=word(f"{of}parameter"),
            value=word(f"{of}value"),
            units=word(f"{of}units"),
            description=word(f"{of}parameterdescription"),
        )

    def a_grant(of):
        return FundingEntry(
            funder=word(f"{of}funder"),
            funder_pid=word(f"{of}funderpid"),
            award_number=word(f"{of}award"),
            award_title=word(f"{of}awardtitle"),
            acknowledgement=word(f"{of}thanks"),
        )

    def a_work(of):
        return WorkEntry(
            relation="IsCitedBy",
            pid=word(f"{of}workpid"),
            url="https://www.example.org/" + word(f"{of}workurl"),
            title=word(f"{of}worktitle"),
            citation=word(f"{of}citation"),
            kind=word(f"{of}workkind"),
        )

    with facility.core.store.writing() as w:
        user = UserEntry(
            name=word("account"),
            full_name=word("fullname"),
            given_name=word("given"),
            family_name=word("family"),
            email=word("email") + "@example.org",
            orcid=word("orcid"),
            affiliation=word("affiliation"),
            affiliation_ror=word("ror"),
        )
        author = w.put_user(user)
        session = w.put_investigation(
            InvestigationEntry(
                facility="EPS",
                name=word("proposal"),
                visit_id=word("visit"),
                title=word("title"),
                type=word("type"),
                summary=word("summary"),
                start=moment,
                end=moment,
                release_date=date(2031, 1, 1),
                doi=Doi.parse("10.5072/" + word("doi")),
                instruments=("ID02",),
                members=(MemberEntry(user=user.name, role=word("role")),),
                parameters=(parameter("session"),),
                keywords=(word("sessionkeyword"),),
                funding=(a_grant("session"),),
                works=(a_work("session"),),
            ),
            moment,
        ).id
        sample = SampleEntry(
            name=word("sample"),
            type=word("sampletype"),
            formula=word("formula"),
            pid=word("igsn"),
            description=word("sampledescription"),
            parameters=(parameter("sample"),),
        )
        w.put_sample(session, sample, moment)
        dataset = DatasetEntry(
            name=word("dataset"),
            type=word("kind"),
            sample=sample.name,
            instrument="ID02",
            description=word("datasetdescription"),
            location="/data/" + word("folder"),
            pid=word("handle"),
            start=moment,
            end=moment,
            techniques=(TechniqueEntry(name=word("technique"), pid=word("techniquepid"), description=word("how")),),
            parameters=(parameter("dataset"),),
            files=(
                FileEntry(
                    name=word("file") + ".png",
                    location="closed/" + word("place"),
                    checksum=word("checksum"),
                    description=word("caption"),
                    resource=True,
                ),
            ),
        )
        row = w.put_dataset(session, dataset, moment).id
        processed = DatasetEntry(name=word("processed"), type="processed", inputs=(row,), sample=sample.name)
        w.put_dataset(session, processed, moment)
        # An open dataset that was made from the closed one must not name it.
        w.put_dataset(facility.rows.open, DatasetEntry(name="open child", inputs=(row,)), moment)
        w.add_logbook(
            session,
            LogbookEntry(
                title=word("notetitle"),
                content=((word("format"), word("note")),),
                tags=(word("tag"),),
                software=word("software"),
                machine=word("machine"),
                source=word("source"),
            ),
            moment,
            author,
        )
        reserved = w.reserve(Doi.parse("10.5072/" + word("reserved")), [row], moment, author)
        publication = DataPublicationEntry(
            title=word("publicationtitle"),
            abstract=word("abstract"),
            publication_date=date(2031, 1, 1),
            rights=word("rights"),
            keywords=(word("keyword"),),
            related=(word("related"),),
            funding=(a_grant("publication"),),
            works=(a_work("publication"),),
            authors=(AuthorEntry(full_name=word("author"), affiliation=word("institute")),),
            datasets=(row,),
        )
        minted = w.put_data_publication(Doi.parse("10.5072/" + word("minted")), publication, moment, author).id
        w.withdraw("data_publication", minted, word("reason"), moment)
        rows = {"session": session, "dataset": row, "reserved": reserved, "minted": minted}
    yield facility, word.words, rows
    facility.core.store.close()


def every_address(app, words, rows):
    """Each GET of the core, by the closed rows' numbers and by their words."""
    for path, operations in app.openapi()["paths"].items():
        if "get" not in operations:
            continue
        for number in {*rows.values(), 1, 2}:
            filled = re.sub(r"\{(sessionId)\}", "anonymous", path)
            filled = filled.replace("{prefix}", "10.5072").replace("{suffix}", words_of("doi", words))
            filled = re.sub(r"\{[^}]+\}", str(number), filled)
            yield filled, {}
            for one in operations["get"].get("parameters", ()):
                if one["in"] == "query" and one["name"] != "datafileIds":
                    yield filled, {one["name"]: str(number)}
        for one in operations["get"].get("parameters", ()):
            if one["in"] == "query" and one["name"] in {"search", "location", "name", "parameters", "techniquePids"}:
                for word in words[::5]:
                    yield filled, {one["name"]: word}


def words_of(field, words):
    return next(word for word in words if word == f"zq{field}qz")


@pytest.mark.parametrize("who", ["anonymous", "ben", "eve", "lis"])
def test_no_planted_word_reaches_who_may_not_see_it(planted, caplog, who):
    facility, words, rows = planted
    caplog.set_level(logging.DEBUG)
    session = "anonymous" if who == "anonymous" else facility.session(who)
    client = TestClient(facility.app, raise_server_exceptions=False)
    asked = 0
    for path, query in every_address(facility.app, words, rows):
        path = path.replace("anonymous", session)
        headers = {} if who == "anonymous" else {"Authorization": f"Bearer {session}"}
        answer = client.get(path, params=query, headers=headers)
        asked += 1
        assert answer.status_code < 500, (path, query)
        found = set(PLANT.findall(answer.text + str(answer.headers)))
        if who == "lis" and path == "/panfair/notices":
            found -= {words_of("doi", words), words_of("minted", words)}  # that is what a lister is for
        assert not found, (path, query, found)
    assert asked > 300
    ours = "\n".join(one.getMessage() for one in caplog.records if one.name.startswith(("panfair", "uvicorn")))
    assert "GET /catalogue/datasets 200" in ours and not PLANT.search(ours)


def test_every_planted_word_is_somewhere_for_the_team(planted):
    facility, words, rows = planted
    session = facility.session("cho")
    client = TestClient(facility.app)
    headers = {"Authorization": f"Bearer {session}"}
    paths = [
        f"/catalogue/{session}/investigation?ids={rows['session']}",
        f"/catalogue/{session}/investigation/id/{rows['session']}/investigationusers",
        "/catalogue/datasets",
        f"/catalogue/{session}/samples",
        f"/catalogue/{session}/datafile?datasetId={rows['dataset']}",
        "/catalogue/techniques",
        "/catalogue/parameters",
        f"/logbook/{session}/event",
        f"/catalogue/{session}/datacollection",
        f"/doi/{session}/reserved-dois",
    ]
    text = "".join(client.get(path, headers=headers).text for path in paths)
    missing = set(words) - set(PLANT.findall(text))
    # A handle gives way to the DOI; a ROR and a withdrawal's reason have no field in ICAT+.
    assert missing == {words_of(field, words) for field in ("ror", "reason", "handle")}


def test_an_open_child_names_no_closed_parent(planted):
    facility, _, rows = planted
    client = TestClient(facility.app)
    (child,) = client.get("/catalogue/datasets", params={"search": "child"}).json()
    assert "input_datasetIds" not in {one["name"] for one in child.get("parameters", ())}
    (child,) = client.get(
        "/catalogue/datasets",
        params={"search": "child"},
        headers={"Authorization": f"Bearer {facility.session('dee')}"},
    ).json()
    assert {"input_datasetIds": str(rows["dataset"])}.items() <= {
        one["name"]: one["value"] for one in child["parameters"]
    }.items()
