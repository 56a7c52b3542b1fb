"""The report says which share of a source's parameters has a NeXus name, and what lacks one."""

from panfair.ontologies.record import Parameter
from panfair.site.run.verdicts.nexus_share import NexusShare
from support.records import a_dataset, a_publication


def test_the_share_and_the_names_that_lack_one_most_are_told_by_source():
    share, notes = NexusShare(), []
    names = ("sample_temperature", "start_time", "gizmo", "gizmo", "whatsit")
    parameters = tuple(Parameter(name=name, value=1) for name in names)
    share.count(a_publication(datasets=(a_dataset(parameters=parameters),), parameters=parameters[:1]))
    share.count(a_publication(source="other", datasets=()))
    share.tell(notes.append)
    assert notes == [
        "made-up: 3 of 6 parameters (50%) have a NeXus name in the open records that this run "
        "looked at; most often without: gizmo (2), whatsit (1)"
    ]
