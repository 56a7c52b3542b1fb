"""What the gate judges by, in one digest: a verdict counts until it is another one."""

import hashlib

from panfair.builders.package_files import package_digest
from panfair.ontologies import panet
from panfair.ontologies.mapping import facility as facility_mappings
from panfair.site.config.settings import Config


def gate_digest(config: Config) -> str:
    """Policy and grace of the operator, code and vocabularies of panfair, and what the leak scan keeps of a verdict."""
    return hashlib.sha256(
        "\n".join(
            (
                repr((config.policy, config.harvest.grace_days)),
                package_digest("panfair.ontologies"),
                package_digest("panfair.site.run.leaks"),
                repr([(source.name, source.probe) for source in config.sources]),
                panet.load().digest,
                facility_mappings.chosen().digest,
            )
        ).encode()
    ).hexdigest()
